/** Inputs that break the importers of others, as peers.md lists them; each goes through every spelling of ours. */

/** What other importers are known to corrupt. */
export const peers: Readonly<Record<string, string>> = {
  'a second FROM': 'FROM a\nRUN x\nFROM b\nRUN y',
  'a copy from an image': 'FROM a\nCOPY --from=busybox:1 /bin/sh /sh\nCOPY /src /dst',
  'a global argument': 'ARG VERSION=22\nFROM node:${VERSION}',
  'here-documents': 'FROM a\nRUN <<EOF\na $B\nEOF\nRUN <<-"EOF"\n\ta\n\t\tb\nEOF\nCOPY <<A <<\'B\' /d/\n$X\nA\n$Y\nB',
  'several here-documents on a line': 'FROM a\nRUN cat <<A - <<-B > /x\na\nA\n\tb\nB',
  'kept quotes and blanks': 'FROM a\nRUN printf \'x\\ty\'\nRUN echo "a    b"\nRUN ["a", "b c"]',
  'environment in all forms':
    'FROM a\nENV A="hello world"\nENV JAVA_OPTS -Xmx1g -Xms1g\nENV TWO a=b c=d\nENV GREETING hello=1 world=2\nENV A=1 B="$A x" C=x\\ y\nENV A=1 A=2',
  'paths with blanks': 'FROM a\nCOPY ["my file.txt", "/dest dir/"]\nCOPY a \\\n  b \\\n  /c/\nCOPY $D /x',
  'COPY inside of a here-document': 'FROM a\nRUN <<EOF\nCOPY a b\nFROM x\nEOF',
  'every flag':
    'FROM --platform=$BUILDPLATFORM a AS x\nRUN --mount=type=bind,from=x,target=/y,rw --network=none --security=insecure z\nCOPY --chmod=755 --link --exclude=*.md --exclude=b --parents a /b/\nADD --keep-git-dir=true --checksum=sha256:0 --unpack=false http://x/y /z',
  'every other instruction':
    'FROM a\nEXPOSE 80 53/udp $PORT\nVOLUME /a "/b c"\nLABEL "a b"="c d" 1=2 0=1 __proto__=x constructor=y\nHEALTHCHECK --interval=30s --start-period=1h CMD ["x"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD none\nSTOPSIGNAL SIGTERM\nSHELL ["/bin/bash", "-c"]\nONBUILD RUN echo "it\'s"\nMAINTAINER A <a@b>\nUSER a:b\nWORKDIR /a/$B\nARG A B=1 C="x y"',
  'quotes of the other kind': "FROM a\nRUN echo 'it works'\nRUN echo \"it's\"",
  backslashes: 'FROM a\nRUN printf \'\\\\t\'\nENV A=\'\\\\t\' B=\\\\\nCMD ["a\\\\nb", "c\\nd", "\\u2028"]',
  'template characters':
    "FROM a\nRUN echo `id` ${HOME} \\${X}\nLABEL a='`${x}`' b=\"\\$\"\nCOPY <<'EOF' /x\n`${a}` \\n\nEOF",
  'CMD and ENTRYPOINT': 'FROM a\nENTRYPOINT ["a", "\\"b\\" && c", "\'"]\nCMD exec b && c',
  modifiers: 'FROM a\nENV A=${B:-c} B=${C:+$D} C=${D#a*} D=${E//x/y} E=${F:-${G:-h}} F=${G%%"}"}',
  scripts: 'FROM a\nRUN <<EOF\n#!/usr/bin/env python\nprint("a")\nEOF\nRUN <<step.sh\n#!/bin/sh\nEOF\nstep.sh',
  'stages out of order': 'FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=y /1 /\nCOPY --from=x /2 /',
  'unused stages': 'FROM a AS x\nRUN unused\nFROM b',
  'later and own stages':
    'FROM a AS x\nCOPY --from=y /a /\nRUN --mount=from=x,target=/x z\nFROM b AS y\nCOPY --from=2 /b /\nFROM c',
  'stages of one name': 'FROM a AS x\nFROM x AS x\nFROM x',
  'names that are taken':
    'ARG from=1\nARG image=2\nFROM a:$from AS cache\nARG image\nRUN x\nFROM cache AS default\nFROM default AS await\nUSER $image',
  'arguments in defaults': 'ARG A=1\nARG B=$A-x\nFROM a:$B\nARG B\nLABEL b=$B a=$A',
  'arguments that a stage hides': 'ARG A=1\nFROM a:$A\nARG A=2\nLABEL a=$A\nFROM b\nLABEL a=$A',
  'inherited arguments': 'ARG A=1\nFROM x AS base\nARG A\nFROM base\nLABEL a=$A',
  'a repeated argument': 'ARG A=1\nARG A=2\nFROM a:$A',
  'another escape character': '# escape=`\nFROM a\nWORKDIR C:\\x\nENV A=C:\\$B',
  'a platform and a secret': 'FROM --platform=linux/arm64 a\nRUN --mount=type=secret,id=x --network=none y',
  'a folder that is a source': 'FROM a\nCOPY /src /dst\nCOPY --from=alpine:3 /etc/passwd /',
  'an array with quotes, && and newlines':
    'FROM a\nCMD ["a"]\nENTRYPOINT ["b"]\nCMD ["sh", "-c", "a \\"q\\" && b\\nc"]\nRUN echo \\\\t',
  'a damaged mount': 'FROM a\nRUN --mount=size=1m,type=tmpfs,target=/t true',
}
