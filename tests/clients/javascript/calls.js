// The AWS SDK for JavaScript, which speaks HTTP/2 to the runtime. What came back is printed as JSON, for the test that
// started this; the environment says where Bedrock is.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { BedrockClient, paginateListInferenceProfiles } from "@aws-sdk/client-bedrock";
import process from "node:process";

const asked = JSON.parse(process.argv[2]);
const runtime = new BedrockRuntimeClient({});
const modelId = asked.model;

const converse = (messages, more = {}) => runtime.send(new ConverseCommand({ modelId, messages, ...more }));
const find = (answer, kind) => answer.output.message.content.find((block) => block[kind] !== undefined)?.[kind];

const streamed = await runtime.send(new ConverseStreamCommand({ modelId, messages: asked.messages }));
let text = "";
for await (const event of streamed.stream) text += event.contentBlockDelta?.delta?.text ?? "";

const invoked = await runtime.send(new InvokeModelCommand({ modelId, body: asked.body }));
const chunks = await runtime.send(new InvokeModelWithResponseStreamCommand({ modelId, body: asked.body }));
let ownStreamed = "";
for await (const event of chunks.body) {
  ownStreamed += JSON.parse(new TextDecoder().decode(event.chunk.bytes)).delta?.text ?? "";
}

const called = await converse(asked.toolMessages, { toolConfig: asked.tools });
const call = find(called, "toolUse");
const toolResult = { toolUseId: call.toolUseId, content: [{ json: { hardness: 7 } }] };
const after = [...asked.toolMessages, called.output.message, { role: "user", content: [{ toolResult }] }];
const thought = await converse(asked.messages, {
  inferenceConfig: asked.limit,
  additionalModelRequestFields: asked.thinking,
});

let refused;
try {
  await runtime.send(new ConverseCommand({ modelId: asked.nobody, messages: asked.messages }));
} catch (error) {
  refused = error.name;
}

let profiles = 0;
for await (const page of paginateListInferenceProfiles({ client: new BedrockClient({}), pageSize: 10 }, {})) {
  profiles += page.inferenceProfileSummaries.length;
}

process.stdout.write(
  JSON.stringify({
    whole: find(await converse(asked.messages), "text"),
    streamed: text,
    own: JSON.parse(new TextDecoder().decode(invoked.body)).content[0].text,
    ownStreamed,
    called: call.input,
    concluded: find(await converse(after, { toolConfig: asked.tools }), "text"),
    thought: find(thought, "reasoningContent").reasoningText.text,
    refused,
    profiles: profiles > 10,
  }),
);
runtime.destroy();
