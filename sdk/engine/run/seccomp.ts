/** The system calls that a container may not make. Source: Docker Engine documentation, "Seccomp security profiles for Docker". */
import { arch } from 'node:process'

/** What Docker's profile keeps from a container without further capabilities. */
const refused = [
  'acct',
  'add_key',
  'bpf',
  'clock_adjtime',
  'clock_adjtime64',
  'clock_settime',
  'clock_settime64',
  'create_module',
  'delete_module',
  'fanotify_init',
  'finit_module',
  'fsconfig',
  'fsmount',
  'fsopen',
  'fspick',
  'get_kernel_syms',
  'init_module',
  'io_uring_enter',
  'io_uring_register',
  'io_uring_setup',
  'ioperm',
  'iopl',
  'kcmp',
  'kexec_file_load',
  'kexec_load',
  'keyctl',
  'lookup_dcookie',
  'mount',
  'mount_setattr',
  'move_mount',
  'name_to_handle_at',
  'nfsservctl',
  'open_by_handle_at',
  'open_tree',
  'perf_event_open',
  'pivot_root',
  'query_module',
  'quotactl',
  'quotactl_fd',
  'reboot',
  'request_key',
  'setns',
  'settimeofday',
  'stime',
  'swapoff',
  'swapon',
  '_sysctl',
  'syslog',
  'umount',
  'umount2',
  'unshare',
  'uselib',
  'userfaultfd',
  'ustat',
  'vhangup',
  'vm86',
  'vm86old',
]

const architectures: Readonly<Record<string, readonly string[]>> = {
  x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
}

const newNamespaces = 0x7e020000
const permissionDenied = 1
const notImplemented = 38

/** The `linux.seccomp` of a runtime-spec config; undefined on architectures that it does not know. */
export function seccomp(): unknown {
  const known = architectures[arch]
  if (!known) return undefined
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: known,
    syscalls: [
      { names: refused, action: 'SCMP_ACT_ERRNO', errnoRet: permissionDenied },
      // clone with any of the namespace flags; clone3 hides them from seccomp, and libc falls back to clone
      ...namespaceFlags.map((flag) => ({
        names: ['clone'],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: permissionDenied,
        args: [{ index: 0, value: flag, valueTwo: flag, op: 'SCMP_CMP_MASKED_EQ' }],
      })),
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: notImplemented },
    ],
  }
}

/** Each bit of CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}. */
const namespaceFlags = Array.from({ length: 32 }, (_, bit) => 2 ** bit).filter((flag) => (newNamespaces & flag) !== 0)
