/** Package managers of systems. A table. */
import { any, type Manager, namesOnly, operands } from './manager.ts'

/** The rows. */
export const systemManagers: readonly Manager[] = [
  {
    name: 'apt',
    programs: ['apt-get', 'apt', 'aptitude'],
    cache: '/var/cache/apt',
    note: 'images of Debian and Ubuntu empty it again unless /etc/apt/apt.conf.d/docker-clean is removed first',
    caches: /\/var\/(cache|lib)\/apt/,
    installs: any('install', 'upgrade', 'dist-upgrade', 'full-upgrade', 'build-dep'),
    early: namesOnly,
    cleans: any('clean', 'autoclean', 'distclean'),
    removes: ['remove', 'purge', 'autoremove'],
  },
  {
    name: 'apk',
    programs: ['apk'],
    cache: '/var/cache/apk',
    caches: /\/(var|etc)\/.*apk/,
    // --no-cache says that none is wanted
    installs: (words) => (words.includes('--no-cache') ? undefined : any('add', 'upgrade')(words)),
    early: namesOnly,
    removes: ['del'],
  },
  {
    name: 'dnf',
    programs: ['dnf', 'yum', 'microdnf', 'dnf5'],
    cache: '/var/cache/dnf',
    caches: /\/var\/cache\/(dnf|yum|libdnf5)/,
    installs: any('install', 'upgrade', 'update', 'groupinstall', 'localinstall', 'builddep'),
    early: namesOnly,
    cleans: (words) => (operands(words)[0] === 'clean' ? 'clean' : undefined),
    removes: ['remove', 'erase', 'autoremove'],
  },
  {
    name: 'tdnf',
    programs: ['tdnf'],
    cache: '/var/cache/tdnf',
    caches: /\/var\/cache\/tdnf/,
    installs: any('install', 'upgrade', 'update'),
    early: namesOnly,
    cleans: any('clean'),
    removes: ['remove', 'erase', 'autoremove'],
  },
  {
    name: 'zypper',
    programs: ['zypper'],
    cache: '/var/cache/zypp',
    caches: /\/var\/cache\/zypp/,
    installs: any('install', 'in', 'update', 'up', 'dist-upgrade', 'dup', 'patch'),
    early: namesOnly,
    cleans: any('clean', 'cc'),
    removes: ['remove', 'rm'],
  },
  {
    name: 'pacman',
    programs: ['pacman', 'yay', 'paru'],
    cache: '/var/cache/pacman/pkg',
    caches: /pacman/,
    installs: (words) => words.find((word) => /^-S[yuw]*$/.test(word)),
    early: namesOnly,
    cleans: (words) => words.find((word) => /^-Sc+$/.test(word)),
  },
]
