/** What a container must not see or change of the machine. Source: Docker's default masked and read-only paths. */

/** What tells something of the machine. */
export const maskedPaths: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
]

/** What changes something of the machine. */
export const readonlyPaths: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
]

/** The devices that every container has. Source: runtime-spec, config-linux.md: Default Devices. */
export const devices: readonly string[] = ['null', 'zero', 'full', 'random', 'urandom', 'tty']
