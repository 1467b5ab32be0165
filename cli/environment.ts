/** The environment variables that imgsdk reads, for the help and the reference page. */

/** Names, and what they say. */
export const environment: readonly (readonly [names: string, meaning: string])[] = [
  [
    'IMGSDK_STORE',
    'where images, layers and cached steps are kept, unless --store says so (default: imgsdk in XDG_DATA_HOME, else ~/.local/share)',
  ],
  ['IMGSDK_LOAD_TIMEOUT', 'seconds that an image.ts may take to load (default: 30)'],
  [
    'IMGSDK_TOKEN_HOSTS',
    'token services, parted by commas, that may see the password for a registry of another domain',
  ],
  ['XDG_CACHE_HOME', 'where compiled image.ts files are kept, in imgsdk (default: ~/.cache)'],
  ['SOURCE_DATE_EPOCH', 'seconds: the time in configs and new layers'],
  [
    'DOCKER_CONFIG',
    "the folder of docker's config.json: logins, and the context that --load takes (default: ~/.docker)",
  ],
  ['REGISTRY_AUTH_FILE', 'the only file that logins are taken from'],
  ['XDG_RUNTIME_DIR, XDG_CONFIG_HOME', 'where podman, skopeo and buildah keep logins, in containers/auth.json'],
  ['DOCKER_HOST, DOCKER_CONTEXT', 'the daemon that --load takes'],
  ['SSH_AUTH_SOCK', 'the agent of --ssh default'],
  ['HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY', 'how registries and remote files are reached'],
  ['SSL_CERT_FILE, NODE_EXTRA_CA_CERTS', 'certificates to trust besides the usual ones'],
  ['NO_COLOR, FORCE_COLOR', 'whether there are colours'],
  ['CI', 'when set, progress is lines that are never rewritten'],
]
