import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { graphDigest } from '../../sdk/graph/digest.ts'
import { type Instruction, written } from '../../sdk/graph/graph.ts'
import { assert, suite } from '../helpers/suite.ts'

const keeping = suite('dockerfile/keep')

/** What a text is printed as, having checked that it means the same and stays so. */
function tidied(text: string): string {
  const graph = parse(text)
  const printed = print(graph)
  assert.is(graphDigest(parse(printed)), graphDigest(graph), text)
  assert.equal(
    parse(printed).stages.map(({ instructions }) => instructions.map(({ comments }) => comments)),
    graph.stages.map(({ instructions }) => instructions.map(({ comments }) => comments)),
  )
  assert.is(print(parse(printed)), printed, text)
  return printed
}

const body = (text: string) => tidied(`FROM scratch\n${text}\n`).slice('FROM scratch\n'.length, -1)
const stays = (text: string) => assert.is(body(text), text)

keeping('a well-kept Dockerfile is left as it is', () => {
  const text = `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.22
FROM golang:\${GO_VERSION}-alpine AS build
WORKDIR /src
RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=bind,source=go.mod,target=go.mod \\
    go mod download -x
ENV CGO_ENABLED=0 \\
    GOFLAGS="-trimpath"
LABEL org.opencontainers.image.title="example" \\
      org.opencontainers.image.version="1.0"
# what the compiler needs
RUN apk add --no-cache \\
      ca-certificates \\
      # for the tests
      git \\
  && update-ca-certificates
EXPOSE 8080 443

FROM scratch
COPY --link --from=build \\
  /out/a \\
  /out/b \\
  /usr/bin/
VOLUME ["/data"]
HEALTHCHECK --interval=30s --timeout=3s \\
  CMD curl -f http://localhost/ || exit 1
ENTRYPOINT [ \\
  "/usr/bin/a", \\
  "--verbose" \\
]
`
  assert.is(tidied(text), text)
})

keeping('a command stays broken where its author broke it, in quotes and blocks as well', () => {
  stays("RUN deps=' \\\n\t\tgcc \\\n\t\tmake \\\n\t' \\\n\t&& apk add $deps")
  stays('RUN if true; then \\\n      echo a; \\\n    else \\\n      echo b; \\\n    fi')
  stays(`RUN curl ${'x'.repeat(120)} \\\n\t&& tar ${'y'.repeat(120)} \\\n\t&& true`)
  stays('RUN python3 - <<PY | tee /out \\\n    && true\nimport sys\nPY')
  stays('CMD a \\\n  b')
  stays('ONBUILD RUN a \\\n  b')
})

keeping('comments between the lines of an instruction stay there', () => {
  stays('RUN a \\\n# first\n  # second\n  b')
  stays('RUN --mount=type=cache,target=/a \\\n    # why\n    --mount=type=cache,target=/b \\\n    x')
  stays('ENV A=1 \\\n    # why\n    B=2')
  stays('# above\nRUN a \\\n\t# within\n\tb')
  assert.is(body('RUN a \\\n\n  # one\n\n  b'), 'RUN a \\\n  # one\n  b')
  assert.is(body('LABEL a=1 \\\n# after'), ' # after\nLABEL a=1')
})

keeping('what is untidy is tidied', () => {
  assert.is(body('run\ta'), 'RUN a')
  assert.is(body('ENTRYPOINT [ "a","b" ]'), 'ENTRYPOINT ["a", "b"]')
  assert.is(body('LABEL maintainer "x y"'), 'LABEL maintainer="x y"')
  assert.is(body('ENV A "x"\nENV B x\nENV C a "b"'), 'ENV A="x"\nENV B=x\nENV C="a b"')
  assert.is(body('COPY a\t\tb   /c'), 'COPY a b /c')
  assert.is(body('ENV A=a\\ b B=\'c\' C="d" D=\'$x\' E=f"g"'), 'ENV A="a b" B=c C="d" D=\'$x\' E=fg')
  assert.is(body('LABEL "a.b"="c \\\n  d"'), 'LABEL a.b="c \\\n  d"')
  assert.is(body('ENV A=1 \\\nB=2 \\\n\tC=3'), 'ENV A=1 \\\n    B=2 \\\n    C=3')
  assert.is(body('WORKDIR "/a"'), 'WORKDIR /a')
  assert.is(body('HEALTHCHECK --retries=3   cmd a'), 'HEALTHCHECK --retries=3 CMD a')
  assert.is(tidied('from a as B\nFROM b\nCOPY --from=B x y'), 'FROM a AS b\n\nFROM b\nCOPY --from=b x y\n')
})

keeping('the order and the form of flags, ports and lists are the author’s', () => {
  stays('COPY --link --chown=1 --from=a b /c')
  stays('RUN --mount=type=bind,source=a,target=/b c')
  stays('EXPOSE 80 443')
  stays('VOLUME ["/a", "/b"]')
  stays('COPY ["a", "/b/"]')
  stays('ENV A=${B}/c D="$E" F=')
})

keeping('here-documents keep their delimiters, their tabs and their escapes', () => {
  stays("RUN <<-'SCRIPT'\n\techo a\n\tSCRIPT")
  stays('COPY --chown=1 <<-A <<"B" /d/\n\t$X \\$ \\n\n\tA\n$X\nB')
})

keeping('what was changed since it was read is printed as it is now', () => {
  const graph = parse('FROM a\nENV A=1 \\\n  B=2\nUSER x \\\n  # why\n')
  const [env, user] = graph.stages[0]!.instructions as [Instruction, Instruction]
  const changed: Instruction = { ...env, args: { variables: [{ key: 'A', value: '2' }] } }
  const silent: Instruction = { ...user, comments: [] }
  assert.ok(changed[written])
  const stages = [{ ...graph.stages[0]!, instructions: [changed, silent] }]
  assert.is(print({ ...graph, stages }), 'FROM a\nENV A=2\nUSER x\n')
})

keeping('what an instruction was read from is in no form of the graph', () => {
  const graph = parse('FROM a\nRUN b \\\n c')
  assert.not.match(JSON.stringify(graph), 'b \\\\\\n')
  assert.is(print(JSON.parse(JSON.stringify(graph))), 'FROM a\nRUN b  c\n')
})

keeping('what was printed from a bare graph is laid out as its text would be', () => {
  const long = 'x'.repeat(60)
  for (const text of [
    `HEALTHCHECK CMD a   b && ${long} && ${long}`,
    `HEALTHCHECK CMD ["${long}", "${long}"]`,
    `FROM ${long}/${long} AS x`,
    `COPY ${long} ${long} /x`,
    `VOLUME ${long} ${long} /x`,
    `SHELL ["${long}", "${long}"]`,
    `ONBUILD RUN ${long} && ${long}`,
    `CMD a   b && ${long} && ${long}`,
  ]) {
    const printed = print(JSON.parse(JSON.stringify(parse(`FROM scratch\n${text}`))))
    assert.is(print(parse(printed)), printed)
  }
})

keeping('long lines that nobody broke are broken, and lists by words', () => {
  const long = 'x'.repeat(60)
  assert.is(body(`COPY ${long} ${long} /d/`), `COPY ${long} \\\n    ${long} /d/`)
  stays(`COPY ${long} /${long}`)
  assert.is(body(`CMD ["${long}", "${long}"]`), `CMD ["${long}", \\\n    "${long}"]`)
  assert.is(body(`RUN ${long} && ${long}`), `RUN ${long} \\\n&& ${long}`)
})

keeping('a long command is broken between commands, then between those of a pipe, never inside of a block', () => {
  const long = 'x'.repeat(60)
  const [a, b] = [`a ${long}`, `b ${long}`]
  assert.is(body(`RUN ${a}; ${b} || true`), `RUN ${a}; \\\n${b} \\\n|| true`)
  assert.is(body(`RUN ${a} | ${b}`), `RUN ${a} \\\n| ${b}`)
  assert.is(body(`RUN ${a} && b | c | ${b}`), `RUN ${a} \\\n&& b | c | ${b}`)
  stays(`RUN if ${a} && ${b}; then c; fi`)
  stays(`RUN (${a} && ${b})`)
  stays(`RUN ${a} "$(c && ${b})"`)
  stays(`RUN ${a}$(c && ${b})`)
  stays(`RUN case x in y) ${a} && ${b} ;; esac`)
  stays(`RUN echo "${a} && ${b}"`)
  assert.is(body(`RUN { ${a}; c; } && ${b}`), `RUN { ${a}; c; } \\\n&& ${b}`)
  assert.is(body(`RUN echo if ${a} && ${b}`), `RUN echo if ${a} \\\n&& ${b}`)
})

keeping.run()
