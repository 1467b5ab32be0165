// The same image as ./Dockerfile: written by `imgsdk convert Dockerfile`, which proves it by digest.
import { arg, cache, expand, from } from 'imgsdk'

const pythonVersion = arg('PYTHON_VERSION', '3.12')
const debian = arg('DEBIAN', 'bookworm')

const builder = from(`python:${pythonVersion}-slim-${debian}`)
  .as('builder')
  // Wheels are built where the compiler is, and installed where it is not.
  .run(
    'apt-get update     ' +
      '&& apt-get install -y --no-install-recommends         ' +
      'build-essential         ' +
      'libpq-dev     ' +
      '&& rm -rf /var/lib/apt/lists/*',
  )
  .workdir('/wheels')
  .copy('requirements.txt', '.')
  .run('pip wheel --wheel-dir=/wheels -r requirements.txt', { mounts: [cache('/root/.cache/pip')] })

export default from(`python:${pythonVersion}-slim-${debian}`)
  .label({
    maintainer: 'platform@example.com',
    'org.opencontainers.image.description': 'Orders, over HTTP',
  })
  .env({
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PATH: expand`/home/app/.local/bin:$PATH`,
  })
  .run(
    'apt-get update     ' +
      '&& apt-get install -y --no-install-recommends libpq5     ' +
      '&& rm -rf /var/lib/apt/lists/*     ' +
      '&& useradd --create-home --uid 1000 app',
  )
  .user('app')
  .workdir('/home/app/src')
  .copy('/wheels', '/tmp/wheels', { from: builder, chown: 'app:app' })
  .run('pip install --user --no-index --find-links=/tmp/wheels /tmp/wheels/*.whl')
  .copy('.', '.', { chown: 'app:app' })
  .arg('GIT_COMMIT', 'unknown')
  .env({ GIT_COMMIT: expand`$GIT_COMMIT` })
  .expose(8000)
  .healthcheck('python -m orders.health || exit 1', { interval: '30s', timeout: '3s' })
  .entrypoint(['python', '-m', 'orders'])
  .cmd(['--host', '0.0.0.0', '--port', '8000'])
