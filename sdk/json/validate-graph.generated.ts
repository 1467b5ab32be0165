// Compiled by ajv from schemas/graph.schema.json. Written by `npm run generate`; never edited by hand.
// @ts-nocheck
import type { SchemaError } from './explain.ts'
export const validate: ((value: unknown) => boolean) & { errors?: readonly SchemaError[] | null } = validate52;
const schema19 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://imgsdk.dev/schemas/v1/graph.schema.json","title":"Instruction graph","description":"A container image as its author said it: stages of instructions whose variables are not filled in.","type":"object","properties":{"$schema":{"description":"Where this schema is published; for editors.","type":"string"},"version":{"description":"The version of this form.","const":1},"syntax":{"description":"The value of the `syntax` parser directive. Never obeyed, only carried.","type":"string"},"check":{"description":"The value of the `check` parser directive.","type":"string"},"escape":{"description":"The escape character, where it is not a backslash.","const":"`"},"args":{"description":"Build arguments declared before the first stage.","type":"array","items":{"$ref":"#/$defs/ARG"}},"stages":{"description":"In order of definition; a stage is referred to by its position, counted from 0.","type":"array","items":{"$ref":"#/$defs/stage"},"minItems":1}},"required":["version","args","stages"],"additionalProperties":false,"$defs":{"stage":{"description":"A build stage.","type":"object","properties":{"from":{"$ref":"#/$defs/FROM"},"instructions":{"type":"array","items":{"$ref":"#/$defs/instruction"}}},"required":["from","instructions"],"additionalProperties":false},"instruction":{"type":"object","oneOf":[{"$ref":"#/$defs/ADD"},{"$ref":"#/$defs/ARG"},{"$ref":"#/$defs/CMD"},{"$ref":"#/$defs/COPY"},{"$ref":"#/$defs/ENTRYPOINT"},{"$ref":"#/$defs/ENV"},{"$ref":"#/$defs/EXPOSE"},{"$ref":"#/$defs/HEALTHCHECK"},{"$ref":"#/$defs/LABEL"},{"$ref":"#/$defs/MAINTAINER"},{"$ref":"#/$defs/ONBUILD"},{"$ref":"#/$defs/RUN"},{"$ref":"#/$defs/SHELL"},{"$ref":"#/$defs/STOPSIGNAL"},{"$ref":"#/$defs/USER"},{"$ref":"#/$defs/VOLUME"},{"$ref":"#/$defs/WORKDIR"}],"discriminator":{"propertyName":"keyword"}},"ADD":{"title":"ADD","description":"Copies files, unpacks archives, and fetches URLs and git repositories.","type":"object","properties":{"keyword":{"const":"ADD"},"args":{"type":"object","properties":{"sources":{"type":"array","items":{"$ref":"#/$defs/template"}},"contents":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"data":{"$ref":"#/$defs/template"}},"required":["name","data"],"additionalProperties":false},"minItems":1},"dest":{"$ref":"#/$defs/template"},"chown":{"$ref":"#/$defs/template"},"chmod":{"$ref":"#/$defs/template"},"link":{"type":"boolean"},"keep-git-dir":{"type":"boolean"},"checksum":{"$ref":"#/$defs/template"},"unpack":{"type":"boolean"},"exclude":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["sources","dest"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"ARG":{"title":"ARG","description":"Declares a build argument.","type":"object","properties":{"keyword":{"const":"ARG"},"args":{"type":"object","properties":{"variables":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"default":{"$ref":"#/$defs/template"}},"required":["name"],"additionalProperties":false},"minItems":1}},"required":["variables"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"CMD":{"title":"CMD","description":"Sets what the container runs, or the default arguments of its entrypoint.","type":"object","properties":{"keyword":{"const":"CMD"},"args":{"type":"object","properties":{"command":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"}}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string"}},"required":["form","text"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"script"},"name":{"type":"string"},"text":{"type":"string"}},"required":["form","name","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}}},"required":["command"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"COPY":{"title":"COPY","description":"Copies files from the build context, a stage or an image.","type":"object","properties":{"keyword":{"const":"COPY"},"args":{"type":"object","properties":{"sources":{"type":"array","items":{"$ref":"#/$defs/template"}},"contents":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"data":{"$ref":"#/$defs/template"}},"required":["name","data"],"additionalProperties":false},"minItems":1},"dest":{"$ref":"#/$defs/template"},"from":{"$ref":"#/$defs/stageRef"},"chown":{"$ref":"#/$defs/template"},"chmod":{"$ref":"#/$defs/template"},"link":{"type":"boolean"},"parents":{"type":"boolean"},"exclude":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["sources","dest"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"ENTRYPOINT":{"title":"ENTRYPOINT","description":"Sets the program of the container.","type":"object","properties":{"keyword":{"const":"ENTRYPOINT"},"args":{"type":"object","properties":{"command":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"}}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string"}},"required":["form","text"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"script"},"name":{"type":"string"},"text":{"type":"string"}},"required":["form","name","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}}},"required":["command"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"ENV":{"title":"ENV","description":"Sets environment variables for later instructions, commands and the container.","type":"object","properties":{"keyword":{"const":"ENV"},"args":{"type":"object","properties":{"variables":{"type":"array","items":{"type":"object","properties":{"key":{"$ref":"#/$defs/template"},"value":{"$ref":"#/$defs/template"}},"required":["key","value"],"additionalProperties":false},"minItems":1}},"required":["variables"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"EXPOSE":{"title":"EXPOSE","description":"Says which ports the container listens on.","type":"object","properties":{"keyword":{"const":"EXPOSE"},"args":{"type":"object","properties":{"ports":{"type":"array","items":{"$ref":"#/$defs/template"}}},"required":["ports"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"FROM":{"title":"FROM","description":"Starts a stage from an image, another stage, or nothing.","type":"object","properties":{"keyword":{"const":"FROM"},"args":{"type":"object","properties":{"base":{"$ref":"#/$defs/stageRef"},"name":{"type":"string","pattern":"^[a-z][a-z0-9_.-]*$"},"platform":{"$ref":"#/$defs/template"}},"required":["base"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"HEALTHCHECK":{"title":"HEALTHCHECK","description":"Sets how to tell that the container works.","type":"object","properties":{"keyword":{"const":"HEALTHCHECK"},"args":{"type":"object","properties":{"test":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"none"}},"required":["form"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string","minLength":1}},"required":["form","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}},"interval":{"type":"integer","minimum":0},"timeout":{"type":"integer","minimum":0},"start-period":{"type":"integer","minimum":0},"start-interval":{"type":"integer","minimum":0},"retries":{"type":"integer","minimum":0,"maximum":2147483647}},"required":["test"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"LABEL":{"title":"LABEL","description":"Adds labels to the image.","type":"object","properties":{"keyword":{"const":"LABEL"},"args":{"type":"object","properties":{"labels":{"type":"array","items":{"type":"object","properties":{"key":{"$ref":"#/$defs/template"},"value":{"$ref":"#/$defs/template"}},"required":["key","value"],"additionalProperties":false},"minItems":1}},"required":["labels"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"MAINTAINER":{"title":"MAINTAINER","description":"Sets the author of the image (deprecated: use a label).","type":"object","properties":{"keyword":{"const":"MAINTAINER"},"args":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"ONBUILD":{"title":"ONBUILD","description":"Keeps an instruction for when an image starts from this one.","type":"object","properties":{"keyword":{"const":"ONBUILD"},"args":{"type":"object","properties":{"trigger":{"type":"string","minLength":1}},"required":["trigger"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"RUN":{"title":"RUN","description":"Runs a command in a container; what it changes becomes a layer.","type":"object","properties":{"keyword":{"const":"RUN"},"args":{"type":"object","properties":{"command":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"}}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string"}},"required":["form","text"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"script"},"name":{"type":"string"},"text":{"type":"string"}},"required":["form","name","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}},"mount":{"type":"array","items":{"anyOf":[{"type":"object","properties":{"source":{"$ref":"#/$defs/template"},"target":{"$ref":"#/$defs/template"},"id":{"$ref":"#/$defs/template"},"sharing":{"$ref":"#/$defs/template"},"size":{"$ref":"#/$defs/template"},"mode":{"$ref":"#/$defs/template"},"uid":{"$ref":"#/$defs/template"},"gid":{"$ref":"#/$defs/template"},"env":{"$ref":"#/$defs/template"},"type":{"$ref":"#/$defs/template"},"from":{"$ref":"#/$defs/stageRef"},"readonly":{"anyOf":[{"type":"boolean"},{"$ref":"#/$defs/template"}]},"readwrite":{"$ref":"#/$defs/template"},"required":{"anyOf":[{"type":"boolean"},{"$ref":"#/$defs/template"}]}},"required":[],"additionalProperties":false},{"type":"object","properties":{"from":{"$ref":"#/$defs/stageRef"},"fields":{"type":"array","items":{"type":"object","properties":{"key":{"enum":["source","target","id","sharing","size","mode","uid","gid","env","type","from","readonly","readwrite","required"]},"value":{"$ref":"#/$defs/template"}},"required":["key"],"additionalProperties":false}}},"required":["fields"],"additionalProperties":false},{"type":"object","properties":{"invalid":{"type":"string"},"code":{"type":"string"},"reason":{"type":"string"}},"required":["invalid","code","reason"],"additionalProperties":false}]},"minItems":1},"network":{"enum":["default","none","host"]},"security":{"enum":["sandbox","insecure"]},"device":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["command"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"SHELL":{"title":"SHELL","description":"Sets the program that later shell-form commands are handed to.","type":"object","properties":{"keyword":{"const":"SHELL"},"args":{"type":"object","properties":{"shell":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["shell"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"STOPSIGNAL":{"title":"STOPSIGNAL","description":"Sets the signal that asks the container to stop.","type":"object","properties":{"keyword":{"const":"STOPSIGNAL"},"args":{"type":"object","properties":{"signal":{"$ref":"#/$defs/template"}},"required":["signal"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"USER":{"title":"USER","description":"Sets who later commands and the container run as.","type":"object","properties":{"keyword":{"const":"USER"},"args":{"type":"object","properties":{"user":{"$ref":"#/$defs/template"}},"required":["user"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"VOLUME":{"title":"VOLUME","description":"Marks directories as volumes.","type":"object","properties":{"keyword":{"const":"VOLUME"},"args":{"type":"object","properties":{"paths":{"type":"array","items":{"$ref":"#/$defs/template"},"minItems":1}},"required":["paths"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"WORKDIR":{"title":"WORKDIR","description":"Sets the directory that later instructions and the container start in.","type":"object","properties":{"keyword":{"const":"WORKDIR"},"args":{"type":"object","properties":{"path":{"$ref":"#/$defs/template"}},"required":["path"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false},"template":{"anyOf":[{"type":"string"},{"type":"array","items":{"$ref":"#/$defs/part"},"contains":{"type":"object"}}]},"part":{"anyOf":[{"type":"string","minLength":1},{"$ref":"#/$defs/variable"},{"$ref":"#/$defs/invalid"}]},"variable":{"type":"object","properties":{"var":{"type":"string"},"op":{"enum":["-",":-","+",":+","?",":?","#","##","%","%%","/","//"]},"word":{"$ref":"#/$defs/template"},"with":{"$ref":"#/$defs/template"},"quoted":{"const":true}},"required":["var"],"additionalProperties":false},"invalid":{"type":"object","properties":{"invalid":{"type":"string"},"reason":{"type":"string"}},"required":["invalid","reason"],"additionalProperties":false},"stageRef":{"anyOf":[{"type":"object","properties":{"stage":{"type":"integer","minimum":0}},"required":["stage"],"additionalProperties":false},{"type":"object","properties":{"image":{"$ref":"#/$defs/template"}},"required":["image"],"additionalProperties":false}]},"strings":{"type":"array","items":{"type":"string"}},"location":{"description":"Where the author wrote it. Lines and columns count from 1.","type":"object","properties":{"file":{"type":"string"},"line":{"type":"integer","minimum":1},"column":{"type":"integer","minimum":1},"endLine":{"type":"integer","minimum":1},"endColumn":{"type":"integer","minimum":1}},"required":["file","line"],"additionalProperties":false}}};
const schema20 = {"title":"ARG","description":"Declares a build argument.","type":"object","properties":{"keyword":{"const":"ARG"},"args":{"type":"object","properties":{"variables":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"default":{"$ref":"#/$defs/template"}},"required":["name"],"additionalProperties":false},"minItems":1}},"required":["variables"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};
const schema21 = {"anyOf":[{"type":"string"},{"type":"array","items":{"$ref":"#/$defs/part"},"contains":{"type":"object"}}]};
const schema22 = {"anyOf":[{"type":"string","minLength":1},{"$ref":"#/$defs/variable"},{"$ref":"#/$defs/invalid"}]};
const schema23 = {"type":"object","properties":{"var":{"type":"string"},"op":{"enum":["-",":-","+",":+","?",":?","#","##","%","%%","/","//"]},"word":{"$ref":"#/$defs/template"},"with":{"$ref":"#/$defs/template"},"quoted":{"const":true}},"required":["var"],"additionalProperties":false};
const wrapper0 = {validate: validate54};

function validate56(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate56.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.var === undefined) && (missing0 = "var")){
validate56.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "var") || (key0 === "op")) || (key0 === "word")) || (key0 === "with")) || (key0 === "quoted"))){
validate56.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.var !== undefined){
const _errs2 = errors;
if(typeof data.var !== "string"){
validate56.errors = [{instancePath:instancePath+"/var",schemaPath:"#/properties/var/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.op !== undefined){
let data1 = data.op;
const _errs4 = errors;
if(!((((((((((((data1 === "-") || (data1 === ":-")) || (data1 === "+")) || (data1 === ":+")) || (data1 === "?")) || (data1 === ":?")) || (data1 === "#")) || (data1 === "##")) || (data1 === "%")) || (data1 === "%%")) || (data1 === "/")) || (data1 === "//"))){
validate56.errors = [{instancePath:instancePath+"/op",schemaPath:"#/properties/op/enum",keyword:"enum",params:{allowedValues: schema23.properties.op.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.word !== undefined){
const _errs5 = errors;
if(!(wrapper0.validate(data.word, {instancePath:instancePath+"/word",parentData:data,parentDataProperty:"word",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.with !== undefined){
const _errs6 = errors;
if(!(wrapper0.validate(data.with, {instancePath:instancePath+"/with",parentData:data,parentDataProperty:"with",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.quoted !== undefined){
const _errs7 = errors;
if(true !== data.quoted){
validate56.errors = [{instancePath:instancePath+"/quoted",schemaPath:"#/properties/quoted/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate56.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate56.errors = vErrors;
return errors === 0;
}
validate56.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema24 = {"type":"object","properties":{"invalid":{"type":"string"},"reason":{"type":"string"}},"required":["invalid","reason"],"additionalProperties":false};

function validate58(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate58.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.invalid === undefined) && (missing0 = "invalid")) || ((data.reason === undefined) && (missing0 = "reason"))){
validate58.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "invalid") || (key0 === "reason"))){
validate58.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.invalid !== undefined){
const _errs2 = errors;
if(typeof data.invalid !== "string"){
validate58.errors = [{instancePath:instancePath+"/invalid",schemaPath:"#/properties/invalid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs4 = errors;
if(typeof data.reason !== "string"){
validate58.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate58.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate58.errors = vErrors;
return errors === 0;
}
validate58.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate55(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate55.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data === "string"){
if(data.length < 1){
const err0 = {instancePath,schemaPath:"#/anyOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs3 = errors;
if(!(validate56(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
const _errs4 = errors;
if(!(validate58(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate58.errors : vErrors.concat(validate58.errors);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
if(props0 !== true){
props0 = true;
}
}
if(!valid0){
const err2 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
validate55.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate55.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate55.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate54(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate54.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(typeof data !== "string"){
const err0 = {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data)){
var valid1 = true;
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
const _errs5 = errors;
if(!(validate55(data[i0], {instancePath:instancePath+"/" + i0,parentData:data,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
errors = vErrors.length;
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
if(valid1){
const _errs6 = errors;
const len1 = data.length;
for(let i1=0; i1<len1; i1++){
let data1 = data[i1];
const _errs7 = errors;
if(!(data1 && typeof data1 == "object" && !Array.isArray(data1))){
const err1 = {instancePath:instancePath+"/" + i1,schemaPath:"#/anyOf/1/contains/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var valid2 = _errs7 === errors;
if(valid2){
break;
}
}
if(!valid2){
const err2 = {instancePath,schemaPath:"#/anyOf/1/contains",keyword:"contains",params:{minContains: 1},message:"must contain at least 1 valid item(s)"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
errors = _errs6;
if(vErrors !== null){
if(_errs6){
vErrors.length = _errs6;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err3 = {instancePath,schemaPath:"#/anyOf/1/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var items0 = true;
}
if(!valid0){
const err4 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
validate54.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate54.errors = vErrors;
evaluated0.items = items0;
return errors === 0;
}
validate54.evaluated = {"dynamicProps":false,"dynamicItems":true};

const schema25 = {"description":"Where the author wrote it. Lines and columns count from 1.","type":"object","properties":{"file":{"type":"string"},"line":{"type":"integer","minimum":1},"column":{"type":"integer","minimum":1},"endLine":{"type":"integer","minimum":1},"endColumn":{"type":"integer","minimum":1}},"required":["file","line"],"additionalProperties":false};

function validate62(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate62.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.file === undefined) && (missing0 = "file")) || ((data.line === undefined) && (missing0 = "line"))){
validate62.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "file") || (key0 === "line")) || (key0 === "column")) || (key0 === "endLine")) || (key0 === "endColumn"))){
validate62.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.file !== undefined){
const _errs2 = errors;
if(typeof data.file !== "string"){
validate62.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.line !== undefined){
let data1 = data.line;
const _errs4 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate62.errors = [{instancePath:instancePath+"/line",schemaPath:"#/properties/line/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs4){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
validate62.errors = [{instancePath:instancePath+"/line",schemaPath:"#/properties/line/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.column !== undefined){
let data2 = data.column;
const _errs6 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate62.errors = [{instancePath:instancePath+"/column",schemaPath:"#/properties/column/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs6){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate62.errors = [{instancePath:instancePath+"/column",schemaPath:"#/properties/column/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.endLine !== undefined){
let data3 = data.endLine;
const _errs8 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate62.errors = [{instancePath:instancePath+"/endLine",schemaPath:"#/properties/endLine/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs8){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
validate62.errors = [{instancePath:instancePath+"/endLine",schemaPath:"#/properties/endLine/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.endColumn !== undefined){
let data4 = data.endColumn;
const _errs10 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate62.errors = [{instancePath:instancePath+"/endColumn",schemaPath:"#/properties/endColumn/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
validate62.errors = [{instancePath:instancePath+"/endColumn",schemaPath:"#/properties/endColumn/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate62.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate62.errors = vErrors;
return errors === 0;
}
validate62.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema26 = {"type":"array","items":{"type":"string"}};

function validate64(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate64.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(Array.isArray(data)){
var valid0 = true;
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
const _errs1 = errors;
if(typeof data[i0] !== "string"){
validate64.errors = [{instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs1 === errors;
if(!valid0){
break;
}
}
}
else {
validate64.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
validate64.errors = vErrors;
return errors === 0;
}
validate64.evaluated = {"items":true,"dynamicProps":false,"dynamicItems":false};


function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate53.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate53.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate53.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("ARG" !== data.keyword){
validate53.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "ARG"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.variables === undefined) && (missing1 = "variables")){
validate53.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "variables")){
validate53.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.variables !== undefined){
let data2 = data1.variables;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
if(data2.length < 1){
validate53.errors = [{instancePath:instancePath+"/args/variables",schemaPath:"#/properties/args/properties/variables/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs8 = errors;
if(errors === _errs8){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing2;
if((data3.name === undefined) && (missing2 = "name")){
validate53.errors = [{instancePath:instancePath+"/args/variables/" + i0,schemaPath:"#/properties/args/properties/variables/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs10 = errors;
for(const key2 in data3){
if(!((key2 === "name") || (key2 === "default"))){
validate53.errors = [{instancePath:instancePath+"/args/variables/" + i0,schemaPath:"#/properties/args/properties/variables/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs10 === errors){
if(data3.name !== undefined){
const _errs11 = errors;
if(typeof data3.name !== "string"){
validate53.errors = [{instancePath:instancePath+"/args/variables/" + i0+"/name",schemaPath:"#/properties/args/properties/variables/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.default !== undefined){
const _errs13 = errors;
if(!(validate54(data3.default, {instancePath:instancePath+"/args/variables/" + i0+"/default",parentData:data3,parentDataProperty:"default",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/args/variables/" + i0,schemaPath:"#/properties/args/properties/variables/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/args/variables",schemaPath:"#/properties/args/properties/variables/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs14 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs15 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data8 = data.gaps;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data8)){
var valid4 = true;
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
let data9 = data8[i1];
const _errs18 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate53.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs18){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate53.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid4 = _errs18 === errors;
if(!valid4){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs20 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate53.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate53.errors = vErrors;
return errors === 0;
}
validate53.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema27 = {"description":"A build stage.","type":"object","properties":{"from":{"$ref":"#/$defs/FROM"},"instructions":{"type":"array","items":{"$ref":"#/$defs/instruction"}}},"required":["from","instructions"],"additionalProperties":false};
const schema28 = {"title":"FROM","description":"Starts a stage from an image, another stage, or nothing.","type":"object","properties":{"keyword":{"const":"FROM"},"args":{"type":"object","properties":{"base":{"$ref":"#/$defs/stageRef"},"name":{"type":"string","pattern":"^[a-z][a-z0-9_.-]*$"},"platform":{"$ref":"#/$defs/template"}},"required":["base"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};
const schema29 = {"anyOf":[{"type":"object","properties":{"stage":{"type":"integer","minimum":0}},"required":["stage"],"additionalProperties":false},{"type":"object","properties":{"image":{"$ref":"#/$defs/template"}},"required":["image"],"additionalProperties":false}]};

function validate70(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate70.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(errors === _errs1){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.stage === undefined) && (missing0 = "stage")){
const err0 = {instancePath,schemaPath:"#/anyOf/0/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
const _errs3 = errors;
for(const key0 in data){
if(!(key0 === "stage")){
const err1 = {instancePath,schemaPath:"#/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
break;
}
}
if(_errs3 === errors){
if(data.stage !== undefined){
let data0 = data.stage;
const _errs4 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err2 = {instancePath:instancePath+"/stage",schemaPath:"#/anyOf/0/properties/stage/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(errors === _errs4){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
const err3 = {instancePath:instancePath+"/stage",schemaPath:"#/anyOf/0/properties/stage/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
}
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = true;
}
const _errs6 = errors;
if(errors === _errs6){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if((data.image === undefined) && (missing1 = "image")){
const err5 = {instancePath,schemaPath:"#/anyOf/1/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
const _errs8 = errors;
for(const key1 in data){
if(!(key1 === "image")){
const err6 = {instancePath,schemaPath:"#/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
break;
}
}
if(_errs8 === errors){
if(data.image !== undefined){
if(!(validate54(data.image, {instancePath:instancePath+"/image",parentData:data,parentDataProperty:"image",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/anyOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
var _valid0 = _errs6 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
if(props0 !== true){
props0 = true;
}
}
if(!valid0){
const err8 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
validate70.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate70.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate70.evaluated = {"dynamicProps":true,"dynamicItems":false};

const pattern3 = new RegExp("^[a-z][a-z0-9_.-]*$", "u");

function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate69.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate69.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate69.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("FROM" !== data.keyword){
validate69.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "FROM"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.base === undefined) && (missing1 = "base")){
validate69.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(((key1 === "base") || (key1 === "name")) || (key1 === "platform"))){
validate69.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.base !== undefined){
const _errs6 = errors;
if(!(validate70(data1.base, {instancePath:instancePath+"/args/base",parentData:data1,parentDataProperty:"base",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.name !== undefined){
let data3 = data1.name;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
validate69.errors = [{instancePath:instancePath+"/args/name",schemaPath:"#/properties/args/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_.-]*$"},message:"must match pattern \""+"^[a-z][a-z0-9_.-]*$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/args/name",schemaPath:"#/properties/args/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.platform !== undefined){
const _errs9 = errors;
if(!(validate54(data1.platform, {instancePath:instancePath+"/args/platform",parentData:data1,parentDataProperty:"platform",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs10 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs11 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data7 = data.gaps;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data7)){
var valid2 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
const _errs14 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate69.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs14){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 0 || isNaN(data8)){
validate69.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs14 === errors;
if(!valid2){
break;
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs16 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate69.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate69.errors = vErrors;
return errors === 0;
}
validate69.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema30 = {"type":"object","oneOf":[{"$ref":"#/$defs/ADD"},{"$ref":"#/$defs/ARG"},{"$ref":"#/$defs/CMD"},{"$ref":"#/$defs/COPY"},{"$ref":"#/$defs/ENTRYPOINT"},{"$ref":"#/$defs/ENV"},{"$ref":"#/$defs/EXPOSE"},{"$ref":"#/$defs/HEALTHCHECK"},{"$ref":"#/$defs/LABEL"},{"$ref":"#/$defs/MAINTAINER"},{"$ref":"#/$defs/ONBUILD"},{"$ref":"#/$defs/RUN"},{"$ref":"#/$defs/SHELL"},{"$ref":"#/$defs/STOPSIGNAL"},{"$ref":"#/$defs/USER"},{"$ref":"#/$defs/VOLUME"},{"$ref":"#/$defs/WORKDIR"}],"discriminator":{"propertyName":"keyword"}};
const schema31 = {"title":"ADD","description":"Copies files, unpacks archives, and fetches URLs and git repositories.","type":"object","properties":{"keyword":{"const":"ADD"},"args":{"type":"object","properties":{"sources":{"type":"array","items":{"$ref":"#/$defs/template"}},"contents":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"data":{"$ref":"#/$defs/template"}},"required":["name","data"],"additionalProperties":false},"minItems":1},"dest":{"$ref":"#/$defs/template"},"chown":{"$ref":"#/$defs/template"},"chmod":{"$ref":"#/$defs/template"},"link":{"type":"boolean"},"keep-git-dir":{"type":"boolean"},"checksum":{"$ref":"#/$defs/template"},"unpack":{"type":"boolean"},"exclude":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["sources","dest"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};
const func1 = Object.prototype.hasOwnProperty;

function validate79(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate79.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate79.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate79.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("ADD" !== data.keyword){
validate79.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "ADD"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((data1.sources === undefined) && (missing1 = "sources")) || ((data1.dest === undefined) && (missing1 = "dest"))){
validate79.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(func1.call(schema31.properties.args.properties, key1))){
validate79.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.sources !== undefined){
let data2 = data1.sources;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs8 = errors;
if(!(validate54(data2[i0], {instancePath:instancePath+"/args/sources/" + i0,parentData:data2,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/args/sources",schemaPath:"#/properties/args/properties/sources/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.contents !== undefined){
let data4 = data1.contents;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data4)){
if(data4.length < 1){
validate79.errors = [{instancePath:instancePath+"/args/contents",schemaPath:"#/properties/args/properties/contents/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid3 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
const _errs11 = errors;
if(errors === _errs11){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing2;
if(((data5.name === undefined) && (missing2 = "name")) || ((data5.data === undefined) && (missing2 = "data"))){
validate79.errors = [{instancePath:instancePath+"/args/contents/" + i1,schemaPath:"#/properties/args/properties/contents/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key2 in data5){
if(!((key2 === "name") || (key2 === "data"))){
validate79.errors = [{instancePath:instancePath+"/args/contents/" + i1,schemaPath:"#/properties/args/properties/contents/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data5.name !== undefined){
const _errs14 = errors;
if(typeof data5.name !== "string"){
validate79.errors = [{instancePath:instancePath+"/args/contents/" + i1+"/name",schemaPath:"#/properties/args/properties/contents/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid4 = _errs14 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data5.data !== undefined){
const _errs16 = errors;
if(!(validate54(data5.data, {instancePath:instancePath+"/args/contents/" + i1+"/data",parentData:data5,parentDataProperty:"data",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid4 = _errs16 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/args/contents/" + i1,schemaPath:"#/properties/args/properties/contents/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid3 = _errs11 === errors;
if(!valid3){
break;
}
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/args/contents",schemaPath:"#/properties/args/properties/contents/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.dest !== undefined){
const _errs17 = errors;
if(!(validate54(data1.dest, {instancePath:instancePath+"/args/dest",parentData:data1,parentDataProperty:"dest",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs17 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.chown !== undefined){
const _errs18 = errors;
if(!(validate54(data1.chown, {instancePath:instancePath+"/args/chown",parentData:data1,parentDataProperty:"chown",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.chmod !== undefined){
const _errs19 = errors;
if(!(validate54(data1.chmod, {instancePath:instancePath+"/args/chmod",parentData:data1,parentDataProperty:"chmod",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs19 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.link !== undefined){
const _errs20 = errors;
if(typeof data1.link !== "boolean"){
validate79.errors = [{instancePath:instancePath+"/args/link",schemaPath:"#/properties/args/properties/link/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1["keep-git-dir"] !== undefined){
const _errs22 = errors;
if(typeof data1["keep-git-dir"] !== "boolean"){
validate79.errors = [{instancePath:instancePath+"/args/keep-git-dir",schemaPath:"#/properties/args/properties/keep-git-dir/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid1 = _errs22 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.checksum !== undefined){
const _errs24 = errors;
if(!(validate54(data1.checksum, {instancePath:instancePath+"/args/checksum",parentData:data1,parentDataProperty:"checksum",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs24 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.unpack !== undefined){
const _errs25 = errors;
if(typeof data1.unpack !== "boolean"){
validate79.errors = [{instancePath:instancePath+"/args/unpack",schemaPath:"#/properties/args/properties/unpack/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid1 = _errs25 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.exclude !== undefined){
let data15 = data1.exclude;
const _errs27 = errors;
if(errors === _errs27){
if(Array.isArray(data15)){
if(data15.length < 1){
validate79.errors = [{instancePath:instancePath+"/args/exclude",schemaPath:"#/properties/args/properties/exclude/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid5 = true;
const len2 = data15.length;
for(let i2=0; i2<len2; i2++){
const _errs29 = errors;
if(typeof data15[i2] !== "string"){
validate79.errors = [{instancePath:instancePath+"/args/exclude/" + i2,schemaPath:"#/properties/args/properties/exclude/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs29 === errors;
if(!valid5){
break;
}
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/args/exclude",schemaPath:"#/properties/args/properties/exclude/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs27 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs31 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs32 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data19 = data.gaps;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data19)){
var valid6 = true;
const len3 = data19.length;
for(let i3=0; i3<len3; i3++){
let data20 = data19[i3];
const _errs35 = errors;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
validate79.errors = [{instancePath:instancePath+"/gaps/" + i3,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs35){
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 < 0 || isNaN(data20)){
validate79.errors = [{instancePath:instancePath+"/gaps/" + i3,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid6 = _errs35 === errors;
if(!valid6){
break;
}
}
}
else {
validate79.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs37 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate79.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate79.errors = vErrors;
return errors === 0;
}
validate79.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema32 = {"title":"CMD","description":"Sets what the container runs, or the default arguments of its entrypoint.","type":"object","properties":{"keyword":{"const":"CMD"},"args":{"type":"object","properties":{"command":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"}}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string"}},"required":["form","text"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"script"},"name":{"type":"string"},"text":{"type":"string"}},"required":["form","name","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}}},"required":["command"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate89(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate89.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate89.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate89.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("CMD" !== data.keyword){
validate89.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "CMD"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.command === undefined) && (missing1 = "command")){
validate89.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "command")){
validate89.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.command !== undefined){
let data2 = data1.command;
const _errs6 = errors;
if(errors === _errs6){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
const tag0 = data2.form;
if(typeof tag0 == "string"){
if(tag0 === "exec"){
const _errs9 = errors;
if(errors === _errs9){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing2;
if(((data2.form === undefined) && (missing2 = "form")) || ((data2.args === undefined) && (missing2 = "args"))){
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key2 in data2){
if(!((key2 === "form") || (key2 === "args"))){
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data2.form !== undefined){
const _errs12 = errors;
if("exec" !== data2.form){
validate89.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/0/properties/form/const",keyword:"const",params:{allowedValue: "exec"},message:"must be equal to constant"}];
return false;
}
var valid4 = _errs12 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data2.args !== undefined){
let data4 = data2.args;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data4)){
var valid5 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
const _errs15 = errors;
if(typeof data4[i0] !== "string"){
validate89.errors = [{instancePath:instancePath+"/args/command/args/" + i0,schemaPath:"#/properties/args/properties/command/oneOf/0/properties/args/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs15 === errors;
if(!valid5){
break;
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command/args",schemaPath:"#/properties/args/properties/command/oneOf/0/properties/args/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid4 = _errs13 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var props0 = true;
}
else if(tag0 === "shell"){
const _errs17 = errors;
if(errors === _errs17){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing3;
if(((data2.form === undefined) && (missing3 = "form")) || ((data2.text === undefined) && (missing3 = "text"))){
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs19 = errors;
for(const key3 in data2){
if(!((key3 === "form") || (key3 === "text"))){
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs19 === errors){
if(data2.form !== undefined){
const _errs20 = errors;
if("shell" !== data2.form){
validate89.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/1/properties/form/const",keyword:"const",params:{allowedValue: "shell"},message:"must be equal to constant"}];
return false;
}
var valid7 = _errs20 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data2.text !== undefined){
const _errs21 = errors;
if(typeof data2.text !== "string"){
validate89.errors = [{instancePath:instancePath+"/args/command/text",schemaPath:"#/properties/args/properties/command/oneOf/1/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs21 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "script"){
const _errs23 = errors;
if(errors === _errs23){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing4;
if((((data2.form === undefined) && (missing4 = "form")) || ((data2.name === undefined) && (missing4 = "name"))) || ((data2.text === undefined) && (missing4 = "text"))){
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs25 = errors;
for(const key4 in data2){
if(!(((key4 === "form") || (key4 === "name")) || (key4 === "text"))){
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs25 === errors){
if(data2.form !== undefined){
const _errs26 = errors;
if("script" !== data2.form){
validate89.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/form/const",keyword:"const",params:{allowedValue: "script"},message:"must be equal to constant"}];
return false;
}
var valid9 = _errs26 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.name !== undefined){
const _errs27 = errors;
if(typeof data2.name !== "string"){
validate89.errors = [{instancePath:instancePath+"/args/command/name",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid9 = _errs27 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.text !== undefined){
const _errs29 = errors;
if(typeof data2.text !== "string"){
validate89.errors = [{instancePath:instancePath+"/args/command/text",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid9 = _errs29 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "form", tagValue: tag0},message:"value of tag \"form\" must be in oneOf"}];
return false;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/discriminator",keyword:"discriminator",params:{error: "tag", tag: "form", tagValue: tag0},message:"tag \"form\" must be string"}];
return false;
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
}
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs31 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs32 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data13 = data.gaps;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data13)){
var valid10 = true;
const len1 = data13.length;
for(let i1=0; i1<len1; i1++){
let data14 = data13[i1];
const _errs35 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate89.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs35){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 0 || isNaN(data14)){
validate89.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid10 = _errs35 === errors;
if(!valid10){
break;
}
}
}
else {
validate89.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs37 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate89.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate89.errors = vErrors;
return errors === 0;
}
validate89.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema33 = {"title":"COPY","description":"Copies files from the build context, a stage or an image.","type":"object","properties":{"keyword":{"const":"COPY"},"args":{"type":"object","properties":{"sources":{"type":"array","items":{"$ref":"#/$defs/template"}},"contents":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"data":{"$ref":"#/$defs/template"}},"required":["name","data"],"additionalProperties":false},"minItems":1},"dest":{"$ref":"#/$defs/template"},"from":{"$ref":"#/$defs/stageRef"},"chown":{"$ref":"#/$defs/template"},"chmod":{"$ref":"#/$defs/template"},"link":{"type":"boolean"},"parents":{"type":"boolean"},"exclude":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["sources","dest"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate93(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate93.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate93.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate93.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("COPY" !== data.keyword){
validate93.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "COPY"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((data1.sources === undefined) && (missing1 = "sources")) || ((data1.dest === undefined) && (missing1 = "dest"))){
validate93.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(func1.call(schema33.properties.args.properties, key1))){
validate93.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.sources !== undefined){
let data2 = data1.sources;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs8 = errors;
if(!(validate54(data2[i0], {instancePath:instancePath+"/args/sources/" + i0,parentData:data2,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/args/sources",schemaPath:"#/properties/args/properties/sources/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.contents !== undefined){
let data4 = data1.contents;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data4)){
if(data4.length < 1){
validate93.errors = [{instancePath:instancePath+"/args/contents",schemaPath:"#/properties/args/properties/contents/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid3 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
const _errs11 = errors;
if(errors === _errs11){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing2;
if(((data5.name === undefined) && (missing2 = "name")) || ((data5.data === undefined) && (missing2 = "data"))){
validate93.errors = [{instancePath:instancePath+"/args/contents/" + i1,schemaPath:"#/properties/args/properties/contents/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs13 = errors;
for(const key2 in data5){
if(!((key2 === "name") || (key2 === "data"))){
validate93.errors = [{instancePath:instancePath+"/args/contents/" + i1,schemaPath:"#/properties/args/properties/contents/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs13 === errors){
if(data5.name !== undefined){
const _errs14 = errors;
if(typeof data5.name !== "string"){
validate93.errors = [{instancePath:instancePath+"/args/contents/" + i1+"/name",schemaPath:"#/properties/args/properties/contents/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid4 = _errs14 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data5.data !== undefined){
const _errs16 = errors;
if(!(validate54(data5.data, {instancePath:instancePath+"/args/contents/" + i1+"/data",parentData:data5,parentDataProperty:"data",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid4 = _errs16 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/args/contents/" + i1,schemaPath:"#/properties/args/properties/contents/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid3 = _errs11 === errors;
if(!valid3){
break;
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/args/contents",schemaPath:"#/properties/args/properties/contents/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.dest !== undefined){
const _errs17 = errors;
if(!(validate54(data1.dest, {instancePath:instancePath+"/args/dest",parentData:data1,parentDataProperty:"dest",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs17 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.from !== undefined){
const _errs18 = errors;
if(!(validate70(data1.from, {instancePath:instancePath+"/args/from",parentData:data1,parentDataProperty:"from",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.chown !== undefined){
const _errs19 = errors;
if(!(validate54(data1.chown, {instancePath:instancePath+"/args/chown",parentData:data1,parentDataProperty:"chown",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs19 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.chmod !== undefined){
const _errs20 = errors;
if(!(validate54(data1.chmod, {instancePath:instancePath+"/args/chmod",parentData:data1,parentDataProperty:"chmod",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid1 = _errs20 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.link !== undefined){
const _errs21 = errors;
if(typeof data1.link !== "boolean"){
validate93.errors = [{instancePath:instancePath+"/args/link",schemaPath:"#/properties/args/properties/link/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid1 = _errs21 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.parents !== undefined){
const _errs23 = errors;
if(typeof data1.parents !== "boolean"){
validate93.errors = [{instancePath:instancePath+"/args/parents",schemaPath:"#/properties/args/properties/parents/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid1 = _errs23 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.exclude !== undefined){
let data14 = data1.exclude;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data14)){
if(data14.length < 1){
validate93.errors = [{instancePath:instancePath+"/args/exclude",schemaPath:"#/properties/args/properties/exclude/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid5 = true;
const len2 = data14.length;
for(let i2=0; i2<len2; i2++){
const _errs27 = errors;
if(typeof data14[i2] !== "string"){
validate93.errors = [{instancePath:instancePath+"/args/exclude/" + i2,schemaPath:"#/properties/args/properties/exclude/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs27 === errors;
if(!valid5){
break;
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/args/exclude",schemaPath:"#/properties/args/properties/exclude/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs25 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs29 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs30 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data18 = data.gaps;
const _errs31 = errors;
if(errors === _errs31){
if(Array.isArray(data18)){
var valid6 = true;
const len3 = data18.length;
for(let i3=0; i3<len3; i3++){
let data19 = data18[i3];
const _errs33 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate93.errors = [{instancePath:instancePath+"/gaps/" + i3,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs33){
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 < 0 || isNaN(data19)){
validate93.errors = [{instancePath:instancePath+"/gaps/" + i3,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid6 = _errs33 === errors;
if(!valid6){
break;
}
}
}
else {
validate93.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs35 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate93.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate93.errors = vErrors;
return errors === 0;
}
validate93.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema34 = {"title":"ENTRYPOINT","description":"Sets the program of the container.","type":"object","properties":{"keyword":{"const":"ENTRYPOINT"},"args":{"type":"object","properties":{"command":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"}}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string"}},"required":["form","text"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"script"},"name":{"type":"string"},"text":{"type":"string"}},"required":["form","name","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}}},"required":["command"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate103(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate103.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate103.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate103.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("ENTRYPOINT" !== data.keyword){
validate103.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "ENTRYPOINT"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.command === undefined) && (missing1 = "command")){
validate103.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "command")){
validate103.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.command !== undefined){
let data2 = data1.command;
const _errs6 = errors;
if(errors === _errs6){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
const tag0 = data2.form;
if(typeof tag0 == "string"){
if(tag0 === "exec"){
const _errs9 = errors;
if(errors === _errs9){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing2;
if(((data2.form === undefined) && (missing2 = "form")) || ((data2.args === undefined) && (missing2 = "args"))){
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key2 in data2){
if(!((key2 === "form") || (key2 === "args"))){
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data2.form !== undefined){
const _errs12 = errors;
if("exec" !== data2.form){
validate103.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/0/properties/form/const",keyword:"const",params:{allowedValue: "exec"},message:"must be equal to constant"}];
return false;
}
var valid4 = _errs12 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data2.args !== undefined){
let data4 = data2.args;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data4)){
var valid5 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
const _errs15 = errors;
if(typeof data4[i0] !== "string"){
validate103.errors = [{instancePath:instancePath+"/args/command/args/" + i0,schemaPath:"#/properties/args/properties/command/oneOf/0/properties/args/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs15 === errors;
if(!valid5){
break;
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command/args",schemaPath:"#/properties/args/properties/command/oneOf/0/properties/args/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid4 = _errs13 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var props0 = true;
}
else if(tag0 === "shell"){
const _errs17 = errors;
if(errors === _errs17){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing3;
if(((data2.form === undefined) && (missing3 = "form")) || ((data2.text === undefined) && (missing3 = "text"))){
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs19 = errors;
for(const key3 in data2){
if(!((key3 === "form") || (key3 === "text"))){
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs19 === errors){
if(data2.form !== undefined){
const _errs20 = errors;
if("shell" !== data2.form){
validate103.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/1/properties/form/const",keyword:"const",params:{allowedValue: "shell"},message:"must be equal to constant"}];
return false;
}
var valid7 = _errs20 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data2.text !== undefined){
const _errs21 = errors;
if(typeof data2.text !== "string"){
validate103.errors = [{instancePath:instancePath+"/args/command/text",schemaPath:"#/properties/args/properties/command/oneOf/1/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs21 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "script"){
const _errs23 = errors;
if(errors === _errs23){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing4;
if((((data2.form === undefined) && (missing4 = "form")) || ((data2.name === undefined) && (missing4 = "name"))) || ((data2.text === undefined) && (missing4 = "text"))){
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs25 = errors;
for(const key4 in data2){
if(!(((key4 === "form") || (key4 === "name")) || (key4 === "text"))){
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs25 === errors){
if(data2.form !== undefined){
const _errs26 = errors;
if("script" !== data2.form){
validate103.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/form/const",keyword:"const",params:{allowedValue: "script"},message:"must be equal to constant"}];
return false;
}
var valid9 = _errs26 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.name !== undefined){
const _errs27 = errors;
if(typeof data2.name !== "string"){
validate103.errors = [{instancePath:instancePath+"/args/command/name",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid9 = _errs27 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.text !== undefined){
const _errs29 = errors;
if(typeof data2.text !== "string"){
validate103.errors = [{instancePath:instancePath+"/args/command/text",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid9 = _errs29 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "form", tagValue: tag0},message:"value of tag \"form\" must be in oneOf"}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/discriminator",keyword:"discriminator",params:{error: "tag", tag: "form", tagValue: tag0},message:"tag \"form\" must be string"}];
return false;
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
}
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs31 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs32 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data13 = data.gaps;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data13)){
var valid10 = true;
const len1 = data13.length;
for(let i1=0; i1<len1; i1++){
let data14 = data13[i1];
const _errs35 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate103.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs35){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 0 || isNaN(data14)){
validate103.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid10 = _errs35 === errors;
if(!valid10){
break;
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs37 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate103.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate103.errors = vErrors;
return errors === 0;
}
validate103.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema35 = {"title":"ENV","description":"Sets environment variables for later instructions, commands and the container.","type":"object","properties":{"keyword":{"const":"ENV"},"args":{"type":"object","properties":{"variables":{"type":"array","items":{"type":"object","properties":{"key":{"$ref":"#/$defs/template"},"value":{"$ref":"#/$defs/template"}},"required":["key","value"],"additionalProperties":false},"minItems":1}},"required":["variables"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate107(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate107.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate107.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate107.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("ENV" !== data.keyword){
validate107.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "ENV"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.variables === undefined) && (missing1 = "variables")){
validate107.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "variables")){
validate107.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.variables !== undefined){
let data2 = data1.variables;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
if(data2.length < 1){
validate107.errors = [{instancePath:instancePath+"/args/variables",schemaPath:"#/properties/args/properties/variables/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs8 = errors;
if(errors === _errs8){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing2;
if(((data3.key === undefined) && (missing2 = "key")) || ((data3.value === undefined) && (missing2 = "value"))){
validate107.errors = [{instancePath:instancePath+"/args/variables/" + i0,schemaPath:"#/properties/args/properties/variables/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs10 = errors;
for(const key2 in data3){
if(!((key2 === "key") || (key2 === "value"))){
validate107.errors = [{instancePath:instancePath+"/args/variables/" + i0,schemaPath:"#/properties/args/properties/variables/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs10 === errors){
if(data3.key !== undefined){
const _errs11 = errors;
if(!(validate54(data3.key, {instancePath:instancePath+"/args/variables/" + i0+"/key",parentData:data3,parentDataProperty:"key",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.value !== undefined){
const _errs12 = errors;
if(!(validate54(data3.value, {instancePath:instancePath+"/args/variables/" + i0+"/value",parentData:data3,parentDataProperty:"value",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
validate107.errors = [{instancePath:instancePath+"/args/variables/" + i0,schemaPath:"#/properties/args/properties/variables/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate107.errors = [{instancePath:instancePath+"/args/variables",schemaPath:"#/properties/args/properties/variables/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
}
else {
validate107.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs13 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs14 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data8 = data.gaps;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data8)){
var valid4 = true;
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
let data9 = data8[i1];
const _errs17 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate107.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs17){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate107.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid4 = _errs17 === errors;
if(!valid4){
break;
}
}
}
else {
validate107.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs19 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate107.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate107.errors = vErrors;
return errors === 0;
}
validate107.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema36 = {"title":"EXPOSE","description":"Says which ports the container listens on.","type":"object","properties":{"keyword":{"const":"EXPOSE"},"args":{"type":"object","properties":{"ports":{"type":"array","items":{"$ref":"#/$defs/template"}}},"required":["ports"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate113(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate113.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate113.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate113.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("EXPOSE" !== data.keyword){
validate113.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "EXPOSE"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.ports === undefined) && (missing1 = "ports")){
validate113.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "ports")){
validate113.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.ports !== undefined){
let data2 = data1.ports;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs8 = errors;
if(!(validate54(data2[i0], {instancePath:instancePath+"/args/ports/" + i0,parentData:data2,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/args/ports",schemaPath:"#/properties/args/properties/ports/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs9 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs10 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data6 = data.gaps;
const _errs11 = errors;
if(errors === _errs11){
if(Array.isArray(data6)){
var valid3 = true;
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
const _errs13 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate113.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs13){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate113.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid3 = _errs13 === errors;
if(!valid3){
break;
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs15 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate113.errors = vErrors;
return errors === 0;
}
validate113.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema37 = {"title":"HEALTHCHECK","description":"Sets how to tell that the container works.","type":"object","properties":{"keyword":{"const":"HEALTHCHECK"},"args":{"type":"object","properties":{"test":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"none"}},"required":["form"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string","minLength":1}},"required":["form","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}},"interval":{"type":"integer","minimum":0},"timeout":{"type":"integer","minimum":0},"start-period":{"type":"integer","minimum":0},"start-interval":{"type":"integer","minimum":0},"retries":{"type":"integer","minimum":0,"maximum":2147483647}},"required":["test"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate118(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate118.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate118.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate118.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("HEALTHCHECK" !== data.keyword){
validate118.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "HEALTHCHECK"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.test === undefined) && (missing1 = "test")){
validate118.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!((((((key1 === "test") || (key1 === "interval")) || (key1 === "timeout")) || (key1 === "start-period")) || (key1 === "start-interval")) || (key1 === "retries"))){
validate118.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.test !== undefined){
let data2 = data1.test;
const _errs6 = errors;
if(errors === _errs6){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
const tag0 = data2.form;
if(typeof tag0 == "string"){
if(tag0 === "none"){
const _errs9 = errors;
if(errors === _errs9){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing2;
if((data2.form === undefined) && (missing2 = "form")){
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/0/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key2 in data2){
if(!(key2 === "form")){
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data2.form !== undefined){
if("none" !== data2.form){
validate118.errors = [{instancePath:instancePath+"/args/test/form",schemaPath:"#/properties/args/properties/test/oneOf/0/properties/form/const",keyword:"const",params:{allowedValue: "none"},message:"must be equal to constant"}];
return false;
}
}
}
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var props0 = true;
}
else if(tag0 === "exec"){
const _errs13 = errors;
if(errors === _errs13){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing3;
if(((data2.form === undefined) && (missing3 = "form")) || ((data2.args === undefined) && (missing3 = "args"))){
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/1/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs15 = errors;
for(const key3 in data2){
if(!((key3 === "form") || (key3 === "args"))){
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs15 === errors){
if(data2.form !== undefined){
const _errs16 = errors;
if("exec" !== data2.form){
validate118.errors = [{instancePath:instancePath+"/args/test/form",schemaPath:"#/properties/args/properties/test/oneOf/1/properties/form/const",keyword:"const",params:{allowedValue: "exec"},message:"must be equal to constant"}];
return false;
}
var valid6 = _errs16 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data2.args !== undefined){
let data5 = data2.args;
const _errs17 = errors;
if(errors === _errs17){
if(Array.isArray(data5)){
if(data5.length < 1){
validate118.errors = [{instancePath:instancePath+"/args/test/args",schemaPath:"#/properties/args/properties/test/oneOf/1/properties/args/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid7 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
const _errs19 = errors;
if(typeof data5[i0] !== "string"){
validate118.errors = [{instancePath:instancePath+"/args/test/args/" + i0,schemaPath:"#/properties/args/properties/test/oneOf/1/properties/args/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs19 === errors;
if(!valid7){
break;
}
}
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test/args",schemaPath:"#/properties/args/properties/test/oneOf/1/properties/args/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid6 = _errs17 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "shell"){
const _errs21 = errors;
if(errors === _errs21){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing4;
if(((data2.form === undefined) && (missing4 = "form")) || ((data2.text === undefined) && (missing4 = "text"))){
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/2/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs23 = errors;
for(const key4 in data2){
if(!((key4 === "form") || (key4 === "text"))){
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs23 === errors){
if(data2.form !== undefined){
const _errs24 = errors;
if("shell" !== data2.form){
validate118.errors = [{instancePath:instancePath+"/args/test/form",schemaPath:"#/properties/args/properties/test/oneOf/2/properties/form/const",keyword:"const",params:{allowedValue: "shell"},message:"must be equal to constant"}];
return false;
}
var valid9 = _errs24 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.text !== undefined){
let data8 = data2.text;
const _errs25 = errors;
if(errors === _errs25){
if(typeof data8 === "string"){
if(data8.length < 1){
validate118.errors = [{instancePath:instancePath+"/args/test/text",schemaPath:"#/properties/args/properties/test/oneOf/2/properties/text/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test/text",schemaPath:"#/properties/args/properties/test/oneOf/2/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid9 = _errs25 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "form", tagValue: tag0},message:"value of tag \"form\" must be in oneOf"}];
return false;
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/discriminator",keyword:"discriminator",params:{error: "tag", tag: "form", tagValue: tag0},message:"tag \"form\" must be string"}];
return false;
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args/test",schemaPath:"#/properties/args/properties/test/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.interval !== undefined){
let data9 = data1.interval;
const _errs27 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate118.errors = [{instancePath:instancePath+"/args/interval",schemaPath:"#/properties/args/properties/interval/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs27){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate118.errors = [{instancePath:instancePath+"/args/interval",schemaPath:"#/properties/args/properties/interval/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid1 = _errs27 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.timeout !== undefined){
let data10 = data1.timeout;
const _errs29 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate118.errors = [{instancePath:instancePath+"/args/timeout",schemaPath:"#/properties/args/properties/timeout/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs29){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate118.errors = [{instancePath:instancePath+"/args/timeout",schemaPath:"#/properties/args/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid1 = _errs29 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1["start-period"] !== undefined){
let data11 = data1["start-period"];
const _errs31 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate118.errors = [{instancePath:instancePath+"/args/start-period",schemaPath:"#/properties/args/properties/start-period/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs31){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
validate118.errors = [{instancePath:instancePath+"/args/start-period",schemaPath:"#/properties/args/properties/start-period/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid1 = _errs31 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1["start-interval"] !== undefined){
let data12 = data1["start-interval"];
const _errs33 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
validate118.errors = [{instancePath:instancePath+"/args/start-interval",schemaPath:"#/properties/args/properties/start-interval/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs33){
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 < 0 || isNaN(data12)){
validate118.errors = [{instancePath:instancePath+"/args/start-interval",schemaPath:"#/properties/args/properties/start-interval/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid1 = _errs33 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.retries !== undefined){
let data13 = data1.retries;
const _errs35 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate118.errors = [{instancePath:instancePath+"/args/retries",schemaPath:"#/properties/args/properties/retries/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs35){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 2147483647 || isNaN(data13)){
validate118.errors = [{instancePath:instancePath+"/args/retries",schemaPath:"#/properties/args/properties/retries/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647"}];
return false;
}
else {
if(data13 < 0 || isNaN(data13)){
validate118.errors = [{instancePath:instancePath+"/args/retries",schemaPath:"#/properties/args/properties/retries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid1 = _errs35 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
}
else {
validate118.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs37 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs38 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data16 = data.gaps;
const _errs39 = errors;
if(errors === _errs39){
if(Array.isArray(data16)){
var valid10 = true;
const len1 = data16.length;
for(let i1=0; i1<len1; i1++){
let data17 = data16[i1];
const _errs41 = errors;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
validate118.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs41){
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 < 0 || isNaN(data17)){
validate118.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid10 = _errs41 === errors;
if(!valid10){
break;
}
}
}
else {
validate118.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs39 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs43 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs43 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate118.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate118.errors = vErrors;
return errors === 0;
}
validate118.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema38 = {"title":"LABEL","description":"Adds labels to the image.","type":"object","properties":{"keyword":{"const":"LABEL"},"args":{"type":"object","properties":{"labels":{"type":"array","items":{"type":"object","properties":{"key":{"$ref":"#/$defs/template"},"value":{"$ref":"#/$defs/template"}},"required":["key","value"],"additionalProperties":false},"minItems":1}},"required":["labels"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate122(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate122.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate122.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate122.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("LABEL" !== data.keyword){
validate122.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "LABEL"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.labels === undefined) && (missing1 = "labels")){
validate122.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "labels")){
validate122.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.labels !== undefined){
let data2 = data1.labels;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
if(data2.length < 1){
validate122.errors = [{instancePath:instancePath+"/args/labels",schemaPath:"#/properties/args/properties/labels/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs8 = errors;
if(errors === _errs8){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing2;
if(((data3.key === undefined) && (missing2 = "key")) || ((data3.value === undefined) && (missing2 = "value"))){
validate122.errors = [{instancePath:instancePath+"/args/labels/" + i0,schemaPath:"#/properties/args/properties/labels/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs10 = errors;
for(const key2 in data3){
if(!((key2 === "key") || (key2 === "value"))){
validate122.errors = [{instancePath:instancePath+"/args/labels/" + i0,schemaPath:"#/properties/args/properties/labels/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs10 === errors){
if(data3.key !== undefined){
const _errs11 = errors;
if(!(validate54(data3.key, {instancePath:instancePath+"/args/labels/" + i0+"/key",parentData:data3,parentDataProperty:"key",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.value !== undefined){
const _errs12 = errors;
if(!(validate54(data3.value, {instancePath:instancePath+"/args/labels/" + i0+"/value",parentData:data3,parentDataProperty:"value",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
validate122.errors = [{instancePath:instancePath+"/args/labels/" + i0,schemaPath:"#/properties/args/properties/labels/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate122.errors = [{instancePath:instancePath+"/args/labels",schemaPath:"#/properties/args/properties/labels/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
}
else {
validate122.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs13 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs14 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data8 = data.gaps;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data8)){
var valid4 = true;
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
let data9 = data8[i1];
const _errs17 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate122.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs17){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate122.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid4 = _errs17 === errors;
if(!valid4){
break;
}
}
}
else {
validate122.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs19 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate122.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate122.errors = vErrors;
return errors === 0;
}
validate122.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema39 = {"title":"MAINTAINER","description":"Sets the author of the image (deprecated: use a label).","type":"object","properties":{"keyword":{"const":"MAINTAINER"},"args":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate128(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate128.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate128.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate128.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("MAINTAINER" !== data.keyword){
validate128.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "MAINTAINER"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.name === undefined) && (missing1 = "name")){
validate128.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "name")){
validate128.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.name !== undefined){
if(typeof data1.name !== "string"){
validate128.errors = [{instancePath:instancePath+"/args/name",schemaPath:"#/properties/args/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
}
}
else {
validate128.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs8 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs9 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data5 = data.gaps;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs12 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate128.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate128.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs12 === errors;
if(!valid2){
break;
}
}
}
else {
validate128.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs14 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate128.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate128.errors = vErrors;
return errors === 0;
}
validate128.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema40 = {"title":"ONBUILD","description":"Keeps an instruction for when an image starts from this one.","type":"object","properties":{"keyword":{"const":"ONBUILD"},"args":{"type":"object","properties":{"trigger":{"type":"string","minLength":1}},"required":["trigger"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate132(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate132.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate132.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate132.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("ONBUILD" !== data.keyword){
validate132.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "ONBUILD"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.trigger === undefined) && (missing1 = "trigger")){
validate132.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "trigger")){
validate132.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.trigger !== undefined){
let data2 = data1.trigger;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data2 === "string"){
if(data2.length < 1){
validate132.errors = [{instancePath:instancePath+"/args/trigger",schemaPath:"#/properties/args/properties/trigger/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
else {
validate132.errors = [{instancePath:instancePath+"/args/trigger",schemaPath:"#/properties/args/properties/trigger/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
}
}
}
else {
validate132.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs8 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs9 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data5 = data.gaps;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs12 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate132.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate132.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs12 === errors;
if(!valid2){
break;
}
}
}
else {
validate132.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs14 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate132.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate132.errors = vErrors;
return errors === 0;
}
validate132.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema41 = {"title":"RUN","description":"Runs a command in a container; what it changes becomes a layer.","type":"object","properties":{"keyword":{"const":"RUN"},"args":{"type":"object","properties":{"command":{"type":"object","oneOf":[{"type":"object","properties":{"form":{"const":"exec"},"args":{"type":"array","items":{"type":"string"}}},"required":["form","args"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"shell"},"text":{"type":"string"}},"required":["form","text"],"additionalProperties":false},{"type":"object","properties":{"form":{"const":"script"},"name":{"type":"string"},"text":{"type":"string"}},"required":["form","name","text"],"additionalProperties":false}],"discriminator":{"propertyName":"form"}},"mount":{"type":"array","items":{"anyOf":[{"type":"object","properties":{"source":{"$ref":"#/$defs/template"},"target":{"$ref":"#/$defs/template"},"id":{"$ref":"#/$defs/template"},"sharing":{"$ref":"#/$defs/template"},"size":{"$ref":"#/$defs/template"},"mode":{"$ref":"#/$defs/template"},"uid":{"$ref":"#/$defs/template"},"gid":{"$ref":"#/$defs/template"},"env":{"$ref":"#/$defs/template"},"type":{"$ref":"#/$defs/template"},"from":{"$ref":"#/$defs/stageRef"},"readonly":{"anyOf":[{"type":"boolean"},{"$ref":"#/$defs/template"}]},"readwrite":{"$ref":"#/$defs/template"},"required":{"anyOf":[{"type":"boolean"},{"$ref":"#/$defs/template"}]}},"required":[],"additionalProperties":false},{"type":"object","properties":{"from":{"$ref":"#/$defs/stageRef"},"fields":{"type":"array","items":{"type":"object","properties":{"key":{"enum":["source","target","id","sharing","size","mode","uid","gid","env","type","from","readonly","readwrite","required"]},"value":{"$ref":"#/$defs/template"}},"required":["key"],"additionalProperties":false}}},"required":["fields"],"additionalProperties":false},{"type":"object","properties":{"invalid":{"type":"string"},"code":{"type":"string"},"reason":{"type":"string"}},"required":["invalid","code","reason"],"additionalProperties":false}]},"minItems":1},"network":{"enum":["default","none","host"]},"security":{"enum":["sandbox","insecure"]},"device":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["command"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate136(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate136.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate136.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate136.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("RUN" !== data.keyword){
validate136.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "RUN"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.command === undefined) && (missing1 = "command")){
validate136.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(((((key1 === "command") || (key1 === "mount")) || (key1 === "network")) || (key1 === "security")) || (key1 === "device"))){
validate136.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.command !== undefined){
let data2 = data1.command;
const _errs6 = errors;
if(errors === _errs6){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
const tag0 = data2.form;
if(typeof tag0 == "string"){
if(tag0 === "exec"){
const _errs9 = errors;
if(errors === _errs9){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing2;
if(((data2.form === undefined) && (missing2 = "form")) || ((data2.args === undefined) && (missing2 = "args"))){
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs11 = errors;
for(const key2 in data2){
if(!((key2 === "form") || (key2 === "args"))){
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs11 === errors){
if(data2.form !== undefined){
const _errs12 = errors;
if("exec" !== data2.form){
validate136.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/0/properties/form/const",keyword:"const",params:{allowedValue: "exec"},message:"must be equal to constant"}];
return false;
}
var valid4 = _errs12 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data2.args !== undefined){
let data4 = data2.args;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data4)){
var valid5 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
const _errs15 = errors;
if(typeof data4[i0] !== "string"){
validate136.errors = [{instancePath:instancePath+"/args/command/args/" + i0,schemaPath:"#/properties/args/properties/command/oneOf/0/properties/args/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs15 === errors;
if(!valid5){
break;
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command/args",schemaPath:"#/properties/args/properties/command/oneOf/0/properties/args/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid4 = _errs13 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var props0 = true;
}
else if(tag0 === "shell"){
const _errs17 = errors;
if(errors === _errs17){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing3;
if(((data2.form === undefined) && (missing3 = "form")) || ((data2.text === undefined) && (missing3 = "text"))){
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs19 = errors;
for(const key3 in data2){
if(!((key3 === "form") || (key3 === "text"))){
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs19 === errors){
if(data2.form !== undefined){
const _errs20 = errors;
if("shell" !== data2.form){
validate136.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/1/properties/form/const",keyword:"const",params:{allowedValue: "shell"},message:"must be equal to constant"}];
return false;
}
var valid7 = _errs20 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data2.text !== undefined){
const _errs21 = errors;
if(typeof data2.text !== "string"){
validate136.errors = [{instancePath:instancePath+"/args/command/text",schemaPath:"#/properties/args/properties/command/oneOf/1/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs21 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "script"){
const _errs23 = errors;
if(errors === _errs23){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing4;
if((((data2.form === undefined) && (missing4 = "form")) || ((data2.name === undefined) && (missing4 = "name"))) || ((data2.text === undefined) && (missing4 = "text"))){
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs25 = errors;
for(const key4 in data2){
if(!(((key4 === "form") || (key4 === "name")) || (key4 === "text"))){
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs25 === errors){
if(data2.form !== undefined){
const _errs26 = errors;
if("script" !== data2.form){
validate136.errors = [{instancePath:instancePath+"/args/command/form",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/form/const",keyword:"const",params:{allowedValue: "script"},message:"must be equal to constant"}];
return false;
}
var valid9 = _errs26 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.name !== undefined){
const _errs27 = errors;
if(typeof data2.name !== "string"){
validate136.errors = [{instancePath:instancePath+"/args/command/name",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid9 = _errs27 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data2.text !== undefined){
const _errs29 = errors;
if(typeof data2.text !== "string"){
validate136.errors = [{instancePath:instancePath+"/args/command/text",schemaPath:"#/properties/args/properties/command/oneOf/2/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid9 = _errs29 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
if(props0 !== true){
props0 = true;
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "form", tagValue: tag0},message:"value of tag \"form\" must be in oneOf"}];
return false;
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/discriminator",keyword:"discriminator",params:{error: "tag", tag: "form", tagValue: tag0},message:"tag \"form\" must be string"}];
return false;
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/command",schemaPath:"#/properties/args/properties/command/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.mount !== undefined){
let data11 = data1.mount;
const _errs31 = errors;
if(errors === _errs31){
if(Array.isArray(data11)){
if(data11.length < 1){
validate136.errors = [{instancePath:instancePath+"/args/mount",schemaPath:"#/properties/args/properties/mount/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid10 = true;
const len1 = data11.length;
for(let i1=0; i1<len1; i1++){
let data12 = data11[i1];
const _errs33 = errors;
const _errs34 = errors;
let valid11 = false;
const _errs35 = errors;
if(errors === _errs35){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
const _errs37 = errors;
for(const key5 in data12){
if(!(func1.call(schema41.properties.args.properties.mount.items.anyOf[0].properties, key5))){
const err0 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
break;
}
}
if(_errs37 === errors){
if(data12.source !== undefined){
const _errs38 = errors;
if(!(validate54(data12.source, {instancePath:instancePath+"/args/mount/" + i1+"/source",parentData:data12,parentDataProperty:"source",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs38 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.target !== undefined){
const _errs39 = errors;
if(!(validate54(data12.target, {instancePath:instancePath+"/args/mount/" + i1+"/target",parentData:data12,parentDataProperty:"target",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs39 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.id !== undefined){
const _errs40 = errors;
if(!(validate54(data12.id, {instancePath:instancePath+"/args/mount/" + i1+"/id",parentData:data12,parentDataProperty:"id",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs40 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.sharing !== undefined){
const _errs41 = errors;
if(!(validate54(data12.sharing, {instancePath:instancePath+"/args/mount/" + i1+"/sharing",parentData:data12,parentDataProperty:"sharing",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs41 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.size !== undefined){
const _errs42 = errors;
if(!(validate54(data12.size, {instancePath:instancePath+"/args/mount/" + i1+"/size",parentData:data12,parentDataProperty:"size",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs42 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.mode !== undefined){
const _errs43 = errors;
if(!(validate54(data12.mode, {instancePath:instancePath+"/args/mount/" + i1+"/mode",parentData:data12,parentDataProperty:"mode",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs43 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.uid !== undefined){
const _errs44 = errors;
if(!(validate54(data12.uid, {instancePath:instancePath+"/args/mount/" + i1+"/uid",parentData:data12,parentDataProperty:"uid",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs44 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.gid !== undefined){
const _errs45 = errors;
if(!(validate54(data12.gid, {instancePath:instancePath+"/args/mount/" + i1+"/gid",parentData:data12,parentDataProperty:"gid",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs45 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.env !== undefined){
const _errs46 = errors;
if(!(validate54(data12.env, {instancePath:instancePath+"/args/mount/" + i1+"/env",parentData:data12,parentDataProperty:"env",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs46 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.type !== undefined){
const _errs47 = errors;
if(!(validate54(data12.type, {instancePath:instancePath+"/args/mount/" + i1+"/type",parentData:data12,parentDataProperty:"type",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs47 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.from !== undefined){
const _errs48 = errors;
if(!(validate70(data12.from, {instancePath:instancePath+"/args/mount/" + i1+"/from",parentData:data12,parentDataProperty:"from",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
var valid12 = _errs48 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.readonly !== undefined){
let data24 = data12.readonly;
const _errs49 = errors;
const _errs50 = errors;
let valid13 = false;
const _errs51 = errors;
if(typeof data24 !== "boolean"){
const err1 = {instancePath:instancePath+"/args/mount/" + i1+"/readonly",schemaPath:"#/properties/args/properties/mount/items/anyOf/0/properties/readonly/anyOf/0/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid1 = _errs51 === errors;
valid13 = valid13 || _valid1;
const _errs53 = errors;
if(!(validate54(data24, {instancePath:instancePath+"/args/mount/" + i1+"/readonly",parentData:data12,parentDataProperty:"readonly",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var _valid1 = _errs53 === errors;
valid13 = valid13 || _valid1;
if(!valid13){
const err2 = {instancePath:instancePath+"/args/mount/" + i1+"/readonly",schemaPath:"#/properties/args/properties/mount/items/anyOf/0/properties/readonly/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
errors = _errs50;
if(vErrors !== null){
if(_errs50){
vErrors.length = _errs50;
}
else {
vErrors = null;
}
}
}
var valid12 = _errs49 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.readwrite !== undefined){
const _errs54 = errors;
if(!(validate54(data12.readwrite, {instancePath:instancePath+"/args/mount/" + i1+"/readwrite",parentData:data12,parentDataProperty:"readwrite",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid12 = _errs54 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data12.required !== undefined){
let data26 = data12.required;
const _errs55 = errors;
const _errs56 = errors;
let valid14 = false;
const _errs57 = errors;
if(typeof data26 !== "boolean"){
const err3 = {instancePath:instancePath+"/args/mount/" + i1+"/required",schemaPath:"#/properties/args/properties/mount/items/anyOf/0/properties/required/anyOf/0/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var _valid2 = _errs57 === errors;
valid14 = valid14 || _valid2;
const _errs59 = errors;
if(!(validate54(data26, {instancePath:instancePath+"/args/mount/" + i1+"/required",parentData:data12,parentDataProperty:"required",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var _valid2 = _errs59 === errors;
valid14 = valid14 || _valid2;
if(!valid14){
const err4 = {instancePath:instancePath+"/args/mount/" + i1+"/required",schemaPath:"#/properties/args/properties/mount/items/anyOf/0/properties/required/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
else {
errors = _errs56;
if(vErrors !== null){
if(_errs56){
vErrors.length = _errs56;
}
else {
vErrors = null;
}
}
}
var valid12 = _errs55 === errors;
}
else {
var valid12 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
const err5 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid0 = _errs35 === errors;
valid11 = valid11 || _valid0;
if(_valid0){
var props2 = true;
}
const _errs60 = errors;
if(errors === _errs60){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing5;
if((data12.fields === undefined) && (missing5 = "fields")){
const err6 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/1/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
const _errs62 = errors;
for(const key6 in data12){
if(!((key6 === "from") || (key6 === "fields"))){
const err7 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
break;
}
}
if(_errs62 === errors){
if(data12.from !== undefined){
const _errs63 = errors;
if(!(validate70(data12.from, {instancePath:instancePath+"/args/mount/" + i1+"/from",parentData:data12,parentDataProperty:"from",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
var valid15 = _errs63 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data12.fields !== undefined){
let data28 = data12.fields;
const _errs64 = errors;
if(errors === _errs64){
if(Array.isArray(data28)){
var valid16 = true;
const len2 = data28.length;
for(let i2=0; i2<len2; i2++){
let data29 = data28[i2];
const _errs66 = errors;
if(errors === _errs66){
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
let missing6;
if((data29.key === undefined) && (missing6 = "key")){
const err8 = {instancePath:instancePath+"/args/mount/" + i1+"/fields/" + i2,schemaPath:"#/properties/args/properties/mount/items/anyOf/1/properties/fields/items/required",keyword:"required",params:{missingProperty: missing6},message:"must have required property '"+missing6+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
const _errs68 = errors;
for(const key7 in data29){
if(!((key7 === "key") || (key7 === "value"))){
const err9 = {instancePath:instancePath+"/args/mount/" + i1+"/fields/" + i2,schemaPath:"#/properties/args/properties/mount/items/anyOf/1/properties/fields/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
}
if(_errs68 === errors){
if(data29.key !== undefined){
let data30 = data29.key;
const _errs69 = errors;
if(!((((((((((((((data30 === "source") || (data30 === "target")) || (data30 === "id")) || (data30 === "sharing")) || (data30 === "size")) || (data30 === "mode")) || (data30 === "uid")) || (data30 === "gid")) || (data30 === "env")) || (data30 === "type")) || (data30 === "from")) || (data30 === "readonly")) || (data30 === "readwrite")) || (data30 === "required"))){
const err10 = {instancePath:instancePath+"/args/mount/" + i1+"/fields/" + i2+"/key",schemaPath:"#/properties/args/properties/mount/items/anyOf/1/properties/fields/items/properties/key/enum",keyword:"enum",params:{allowedValues: schema41.properties.args.properties.mount.items.anyOf[1].properties.fields.items.properties.key.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var valid17 = _errs69 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data29.value !== undefined){
const _errs70 = errors;
if(!(validate54(data29.value, {instancePath:instancePath+"/args/mount/" + i1+"/fields/" + i2+"/value",parentData:data29,parentDataProperty:"value",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid17 = _errs70 === errors;
}
else {
var valid17 = true;
}
}
}
}
}
else {
const err11 = {instancePath:instancePath+"/args/mount/" + i1+"/fields/" + i2,schemaPath:"#/properties/args/properties/mount/items/anyOf/1/properties/fields/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
var valid16 = _errs66 === errors;
if(!valid16){
break;
}
}
}
else {
const err12 = {instancePath:instancePath+"/args/mount/" + i1+"/fields",schemaPath:"#/properties/args/properties/mount/items/anyOf/1/properties/fields/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var valid15 = _errs64 === errors;
}
else {
var valid15 = true;
}
}
}
}
}
else {
const err13 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var _valid0 = _errs60 === errors;
valid11 = valid11 || _valid0;
if(_valid0){
if(props2 !== true){
props2 = true;
}
}
const _errs71 = errors;
if(errors === _errs71){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing7;
if((((data12.invalid === undefined) && (missing7 = "invalid")) || ((data12.code === undefined) && (missing7 = "code"))) || ((data12.reason === undefined) && (missing7 = "reason"))){
const err14 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/2/required",keyword:"required",params:{missingProperty: missing7},message:"must have required property '"+missing7+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
const _errs73 = errors;
for(const key8 in data12){
if(!(((key8 === "invalid") || (key8 === "code")) || (key8 === "reason"))){
const err15 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
break;
}
}
if(_errs73 === errors){
if(data12.invalid !== undefined){
const _errs74 = errors;
if(typeof data12.invalid !== "string"){
const err16 = {instancePath:instancePath+"/args/mount/" + i1+"/invalid",schemaPath:"#/properties/args/properties/mount/items/anyOf/2/properties/invalid/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
var valid18 = _errs74 === errors;
}
else {
var valid18 = true;
}
if(valid18){
if(data12.code !== undefined){
const _errs76 = errors;
if(typeof data12.code !== "string"){
const err17 = {instancePath:instancePath+"/args/mount/" + i1+"/code",schemaPath:"#/properties/args/properties/mount/items/anyOf/2/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var valid18 = _errs76 === errors;
}
else {
var valid18 = true;
}
if(valid18){
if(data12.reason !== undefined){
const _errs78 = errors;
if(typeof data12.reason !== "string"){
const err18 = {instancePath:instancePath+"/args/mount/" + i1+"/reason",schemaPath:"#/properties/args/properties/mount/items/anyOf/2/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var valid18 = _errs78 === errors;
}
else {
var valid18 = true;
}
}
}
}
}
}
else {
const err19 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
var _valid0 = _errs71 === errors;
valid11 = valid11 || _valid0;
if(_valid0){
if(props2 !== true){
props2 = true;
}
}
if(!valid11){
const err20 = {instancePath:instancePath+"/args/mount/" + i1,schemaPath:"#/properties/args/properties/mount/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
validate136.errors = vErrors;
return false;
}
else {
errors = _errs34;
if(vErrors !== null){
if(_errs34){
vErrors.length = _errs34;
}
else {
vErrors = null;
}
}
}
var valid10 = _errs33 === errors;
if(!valid10){
break;
}
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/mount",schemaPath:"#/properties/args/properties/mount/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs31 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.network !== undefined){
let data35 = data1.network;
const _errs80 = errors;
if(!(((data35 === "default") || (data35 === "none")) || (data35 === "host"))){
validate136.errors = [{instancePath:instancePath+"/args/network",schemaPath:"#/properties/args/properties/network/enum",keyword:"enum",params:{allowedValues: schema41.properties.args.properties.network.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid1 = _errs80 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.security !== undefined){
let data36 = data1.security;
const _errs81 = errors;
if(!((data36 === "sandbox") || (data36 === "insecure"))){
validate136.errors = [{instancePath:instancePath+"/args/security",schemaPath:"#/properties/args/properties/security/enum",keyword:"enum",params:{allowedValues: schema41.properties.args.properties.security.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid1 = _errs81 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.device !== undefined){
let data37 = data1.device;
const _errs82 = errors;
if(errors === _errs82){
if(Array.isArray(data37)){
if(data37.length < 1){
validate136.errors = [{instancePath:instancePath+"/args/device",schemaPath:"#/properties/args/properties/device/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid19 = true;
const len3 = data37.length;
for(let i3=0; i3<len3; i3++){
const _errs84 = errors;
if(typeof data37[i3] !== "string"){
validate136.errors = [{instancePath:instancePath+"/args/device/" + i3,schemaPath:"#/properties/args/properties/device/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid19 = _errs84 === errors;
if(!valid19){
break;
}
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args/device",schemaPath:"#/properties/args/properties/device/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid1 = _errs82 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs86 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs86 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs87 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs87 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data41 = data.gaps;
const _errs88 = errors;
if(errors === _errs88){
if(Array.isArray(data41)){
var valid20 = true;
const len4 = data41.length;
for(let i4=0; i4<len4; i4++){
let data42 = data41[i4];
const _errs90 = errors;
if(!(((typeof data42 == "number") && (!(data42 % 1) && !isNaN(data42))) && (isFinite(data42)))){
validate136.errors = [{instancePath:instancePath+"/gaps/" + i4,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs90){
if((typeof data42 == "number") && (isFinite(data42))){
if(data42 < 0 || isNaN(data42)){
validate136.errors = [{instancePath:instancePath+"/gaps/" + i4,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid20 = _errs90 === errors;
if(!valid20){
break;
}
}
}
else {
validate136.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs88 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs92 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs92 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate136.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate136.errors = vErrors;
return errors === 0;
}
validate136.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema42 = {"title":"SHELL","description":"Sets the program that later shell-form commands are handed to.","type":"object","properties":{"keyword":{"const":"SHELL"},"args":{"type":"object","properties":{"shell":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["shell"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate156(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate156.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate156.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate156.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("SHELL" !== data.keyword){
validate156.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "SHELL"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.shell === undefined) && (missing1 = "shell")){
validate156.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "shell")){
validate156.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.shell !== undefined){
let data2 = data1.shell;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
if(data2.length < 1){
validate156.errors = [{instancePath:instancePath+"/args/shell",schemaPath:"#/properties/args/properties/shell/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs8 = errors;
if(typeof data2[i0] !== "string"){
validate156.errors = [{instancePath:instancePath+"/args/shell/" + i0,schemaPath:"#/properties/args/properties/shell/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate156.errors = [{instancePath:instancePath+"/args/shell",schemaPath:"#/properties/args/properties/shell/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
}
else {
validate156.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs10 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs11 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data6 = data.gaps;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data6)){
var valid3 = true;
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
const _errs14 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate156.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs14){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate156.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid3 = _errs14 === errors;
if(!valid3){
break;
}
}
}
else {
validate156.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs16 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate156.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate156.errors = vErrors;
return errors === 0;
}
validate156.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema43 = {"title":"STOPSIGNAL","description":"Sets the signal that asks the container to stop.","type":"object","properties":{"keyword":{"const":"STOPSIGNAL"},"args":{"type":"object","properties":{"signal":{"$ref":"#/$defs/template"}},"required":["signal"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate160(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate160.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate160.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate160.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("STOPSIGNAL" !== data.keyword){
validate160.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "STOPSIGNAL"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.signal === undefined) && (missing1 = "signal")){
validate160.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "signal")){
validate160.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.signal !== undefined){
if(!(validate54(data1.signal, {instancePath:instancePath+"/args/signal",parentData:data1,parentDataProperty:"signal",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
}
}
else {
validate160.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs7 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs8 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data5 = data.gaps;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs11 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate160.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate160.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs11 === errors;
if(!valid2){
break;
}
}
}
else {
validate160.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs13 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate160.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate160.errors = vErrors;
return errors === 0;
}
validate160.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema44 = {"title":"USER","description":"Sets who later commands and the container run as.","type":"object","properties":{"keyword":{"const":"USER"},"args":{"type":"object","properties":{"user":{"$ref":"#/$defs/template"}},"required":["user"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate165(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate165.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate165.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate165.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("USER" !== data.keyword){
validate165.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "USER"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.user === undefined) && (missing1 = "user")){
validate165.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "user")){
validate165.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.user !== undefined){
if(!(validate54(data1.user, {instancePath:instancePath+"/args/user",parentData:data1,parentDataProperty:"user",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
}
}
else {
validate165.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs7 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs8 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data5 = data.gaps;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs11 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate165.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate165.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs11 === errors;
if(!valid2){
break;
}
}
}
else {
validate165.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs13 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate165.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate165.errors = vErrors;
return errors === 0;
}
validate165.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema45 = {"title":"VOLUME","description":"Marks directories as volumes.","type":"object","properties":{"keyword":{"const":"VOLUME"},"args":{"type":"object","properties":{"paths":{"type":"array","items":{"$ref":"#/$defs/template"},"minItems":1}},"required":["paths"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate170(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate170.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate170.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate170.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("VOLUME" !== data.keyword){
validate170.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "VOLUME"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.paths === undefined) && (missing1 = "paths")){
validate170.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "paths")){
validate170.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.paths !== undefined){
let data2 = data1.paths;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
if(data2.length < 1){
validate170.errors = [{instancePath:instancePath+"/args/paths",schemaPath:"#/properties/args/properties/paths/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid2 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs8 = errors;
if(!(validate54(data2[i0], {instancePath:instancePath+"/args/paths/" + i0,parentData:data2,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate170.errors = [{instancePath:instancePath+"/args/paths",schemaPath:"#/properties/args/properties/paths/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
}
}
else {
validate170.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs9 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs10 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data6 = data.gaps;
const _errs11 = errors;
if(errors === _errs11){
if(Array.isArray(data6)){
var valid3 = true;
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
const _errs13 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate170.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs13){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate170.errors = [{instancePath:instancePath+"/gaps/" + i1,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid3 = _errs13 === errors;
if(!valid3){
break;
}
}
}
else {
validate170.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs15 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate170.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate170.errors = vErrors;
return errors === 0;
}
validate170.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema46 = {"title":"WORKDIR","description":"Sets the directory that later instructions and the container start in.","type":"object","properties":{"keyword":{"const":"WORKDIR"},"args":{"type":"object","properties":{"path":{"$ref":"#/$defs/template"}},"required":["path"],"additionalProperties":false},"at":{"$ref":"#/$defs/location"},"comments":{"description":"The comment lines above it, without #.","$ref":"#/$defs/strings"},"gaps":{"description":"Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.","type":"array","items":{"type":"integer","minimum":0}},"notes":{"description":"How it was spelled, for the linter.","$ref":"#/$defs/strings"}},"required":["keyword","args"],"additionalProperties":false};

function validate175(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate175.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.keyword === undefined) && (missing0 = "keyword")) || ((data.args === undefined) && (missing0 = "args"))){
validate175.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "keyword") || (key0 === "args")) || (key0 === "at")) || (key0 === "comments")) || (key0 === "gaps")) || (key0 === "notes"))){
validate175.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.keyword !== undefined){
const _errs2 = errors;
if("WORKDIR" !== data.keyword){
validate175.errors = [{instancePath:instancePath+"/keyword",schemaPath:"#/properties/keyword/const",keyword:"const",params:{allowedValue: "WORKDIR"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data1 = data.args;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.path === undefined) && (missing1 = "path")){
validate175.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data1){
if(!(key1 === "path")){
validate175.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data1.path !== undefined){
if(!(validate54(data1.path, {instancePath:instancePath+"/args/path",parentData:data1,parentDataProperty:"path",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
}
}
else {
validate175.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs7 = errors;
if(!(validate62(data.at, {instancePath:instancePath+"/at",parentData:data,parentDataProperty:"at",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
errors = vErrors.length;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comments !== undefined){
const _errs8 = errors;
if(!(validate64(data.comments, {instancePath:instancePath+"/comments",parentData:data,parentDataProperty:"comments",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gaps !== undefined){
let data5 = data.gaps;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs11 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate175.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate175.errors = [{instancePath:instancePath+"/gaps/" + i0,schemaPath:"#/properties/gaps/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs11 === errors;
if(!valid2){
break;
}
}
}
else {
validate175.errors = [{instancePath:instancePath+"/gaps",schemaPath:"#/properties/gaps/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.notes !== undefined){
const _errs13 = errors;
if(!(validate64(data.notes, {instancePath:instancePath+"/notes",parentData:data,parentDataProperty:"notes",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate175.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate175.errors = vErrors;
return errors === 0;
}
validate175.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate78(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate78.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
const tag0 = data.keyword;
if(typeof tag0 == "string"){
if(tag0 === "ADD"){
if(!(validate79(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors);
errors = vErrors.length;
}
var props0 = true;
}
else if(tag0 === "ARG"){
if(!(validate53(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "CMD"){
if(!(validate89(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "COPY"){
if(!(validate93(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate93.errors : vErrors.concat(validate93.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "ENTRYPOINT"){
if(!(validate103(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate103.errors : vErrors.concat(validate103.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "ENV"){
if(!(validate107(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate107.errors : vErrors.concat(validate107.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "EXPOSE"){
if(!(validate113(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate113.errors : vErrors.concat(validate113.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "HEALTHCHECK"){
if(!(validate118(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate118.errors : vErrors.concat(validate118.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "LABEL"){
if(!(validate122(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "MAINTAINER"){
if(!(validate128(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate128.errors : vErrors.concat(validate128.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "ONBUILD"){
if(!(validate132(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate132.errors : vErrors.concat(validate132.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "RUN"){
if(!(validate136(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate136.errors : vErrors.concat(validate136.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "SHELL"){
if(!(validate156(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate156.errors : vErrors.concat(validate156.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "STOPSIGNAL"){
if(!(validate160(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate160.errors : vErrors.concat(validate160.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "USER"){
if(!(validate165(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate165.errors : vErrors.concat(validate165.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "VOLUME"){
if(!(validate170(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate170.errors : vErrors.concat(validate170.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else if(tag0 === "WORKDIR"){
if(!(validate175(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate175.errors : vErrors.concat(validate175.errors);
errors = vErrors.length;
}
if(props0 !== true){
props0 = true;
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "keyword", tagValue: tag0},message:"value of tag \"keyword\" must be in oneOf"}];
return false;
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/discriminator",keyword:"discriminator",params:{error: "tag", tag: "keyword", tagValue: tag0},message:"tag \"keyword\" must be string"}];
return false;
}
}
else {
validate78.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate78.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate78.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate68(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate68.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.from === undefined) && (missing0 = "from")) || ((data.instructions === undefined) && (missing0 = "instructions"))){
validate68.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "from") || (key0 === "instructions"))){
validate68.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.from !== undefined){
const _errs2 = errors;
if(!(validate69(data.from, {instancePath:instancePath+"/from",parentData:data,parentDataProperty:"from",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.instructions !== undefined){
let data1 = data.instructions;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data1)){
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
const _errs5 = errors;
if(!(validate78(data1[i0], {instancePath:instancePath+"/instructions/" + i0,parentData:data1,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate78.errors : vErrors.concat(validate78.errors);
errors = vErrors.length;
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
else {
validate68.errors = [{instancePath:instancePath+"/instructions",schemaPath:"#/properties/instructions/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate68.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate68.errors = vErrors;
return errors === 0;
}
validate68.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="https://imgsdk.dev/schemas/v1/graph.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate52.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.version === undefined) && (missing0 = "version")) || ((data.args === undefined) && (missing0 = "args"))) || ((data.stages === undefined) && (missing0 = "stages"))){
validate52.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((((key0 === "$schema") || (key0 === "version")) || (key0 === "syntax")) || (key0 === "check")) || (key0 === "escape")) || (key0 === "args")) || (key0 === "stages"))){
validate52.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.$schema !== undefined){
const _errs2 = errors;
if(typeof data.$schema !== "string"){
validate52.errors = [{instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.version !== undefined){
const _errs4 = errors;
if(1 !== data.version){
validate52.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.syntax !== undefined){
const _errs5 = errors;
if(typeof data.syntax !== "string"){
validate52.errors = [{instancePath:instancePath+"/syntax",schemaPath:"#/properties/syntax/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.check !== undefined){
const _errs7 = errors;
if(typeof data.check !== "string"){
validate52.errors = [{instancePath:instancePath+"/check",schemaPath:"#/properties/check/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.escape !== undefined){
const _errs9 = errors;
if("`" !== data.escape){
validate52.errors = [{instancePath:instancePath+"/escape",schemaPath:"#/properties/escape/const",keyword:"const",params:{allowedValue: "`"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.args !== undefined){
let data5 = data.args;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data5)){
var valid1 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
const _errs12 = errors;
if(!(validate53(data5[i0], {instancePath:instancePath+"/args/" + i0,parentData:data5,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
var valid1 = _errs12 === errors;
if(!valid1){
break;
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/args",schemaPath:"#/properties/args/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stages !== undefined){
let data7 = data.stages;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data7)){
if(data7.length < 1){
validate52.errors = [{instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid2 = true;
const len1 = data7.length;
for(let i1=0; i1<len1; i1++){
const _errs15 = errors;
if(!(validate68(data7[i1], {instancePath:instancePath+"/stages/" + i1,parentData:data7,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate68.errors : vErrors.concat(validate68.errors);
errors = vErrors.length;
}
var valid2 = _errs15 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate52.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate52.errors = vErrors;
return errors === 0;
}
validate52.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
