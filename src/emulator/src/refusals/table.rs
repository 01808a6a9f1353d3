//! The rules, in the order in which they are asked. Each line: what is looked for, which models, in which forms, in whose
//! words, and who says so since when.

use super::Evidence::{Documented, Recorded, Reported};
use super::Words::{Bedrock, Denied, Model, Unavailable};
use super::view::Form::{AnthropicPath, Chat, Converse, Messages, Nova, Other, Responses};
use super::{
    Evidence, Finds, Form, Models, Rule, Words, apis, bodies, cache_points, conversation,
    documents, drafts, limits, media, order, parameters, schemas, tools,
};

const fn rule(
    finds: Finds,
    models: Models,
    forms: &'static [Form],
    words: Words,
    evidence: Evidence,
    _since: u16,
) -> Rule {
    Rule {
        models,
        forms,
        words,
        evidence,
        finds,
    }
}

const fn of(parts: &'static [&'static str]) -> Models {
    Models {
        of: parts,
        but: &[],
    }
}

const fn but(but: &'static [&'static str]) -> Models {
    Models { of: &[], but }
}

const ALL: Models = of(&[]);
const CLAUDE: Models = of(&["anthropic.claude"]);

/// Models that only read text.
const TEXT_ONLY: Models = of(&[
    "ai21.",
    "claude-3-5-haiku",
    "claude-instant",
    "claude-v2",
    "cohere.command",
    "deepseek.",
    "devstral",
    "glm-4.",
    "gpt-oss",
    "kimi-k2-thinking",
    "llama2",
    "llama3-1",
    "llama3-2-1b",
    "llama3-2-3b",
    "llama3-3",
    "llama3-70b",
    "llama3-8b",
    "minimax-m2",
    "mistral-7b",
    "mistral-large-24",
    "mistral-small-24",
    "mixtral",
    "nemotron-nano-3",
    "nemotron-nano-9b",
    "nemotron-super",
    "nova-micro",
    "palmyra-x",
    "qwen3-235b",
    "qwen3-32b",
    "qwen3-coder",
    "qwen3-next",
    "titan-text",
    "titan-tg1",
]);
const NO_VIDEO: Models = of(&[
    "ai21.",
    "anthropic.",
    "cohere.",
    "deepseek.",
    "google.gemma-3",
    "gpt-oss",
    "meta.",
    "minimax",
    "mistral.",
    "moonshot",
    "nova-micro",
    "qwen3-32b",
    "qwen3-235b",
    "qwen3-coder",
    "titan-text",
]);
const NO_AUDIO: Models = of(&[
    "ai21.",
    "anthropic.",
    "cohere.",
    "deepseek.",
    "gpt-oss",
    "meta.",
    "minimax",
    "moonshot",
    "nova-lite",
    "nova-micro",
    "nova-premier",
    "nova-pro",
    "qwen.",
]);
const NO_S3: Models = but(&["amazon.nova", "twelvelabs."]);
const NO_RESULT_IMAGES: Models = of(&[
    "ai21.",
    "cohere.",
    "deepseek.",
    "google.gemma",
    "minimax",
    "mistral.",
    "qwen.",
]);

const NO_SAMPLING: Models = of(&[
    "claude-opus-4-7",
    "claude-opus-4-8",
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-haiku-5",
    "claude-fable-5",
    "claude-mythos",
]);
const NO_PREFILL: Models = of(&[
    "claude-opus-4-6",
    "claude-sonnet-4-6",
    "claude-opus-4-7",
    "claude-opus-4-8",
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-haiku-5",
    "claude-fable-5",
    "claude-mythos",
]);
const NO_LAST_TURN_OF_MODEL: Models =
    of(&["meta.", "mistral.", "deepseek.", "cohere.command", "ai21."]);
const NO_THINKING: Models = of(&[
    "claude-3-haiku",
    "claude-3-sonnet",
    "claude-3-opus",
    "claude-3-5-",
    "claude-v",
    "claude-instant",
]);
const NO_ADAPTIVE_THINKING: Models = of(&[
    "claude-3-7",
    "claude-sonnet-4-2025",
    "claude-opus-4-2025",
    "claude-opus-4-1-",
    "claude-opus-4-5",
    "claude-sonnet-4-5",
    "claude-haiku-4-5",
]);
/// Claude that thinks and cannot be made to call a tool meanwhile.
const THINKS_OR_IS_MADE_TO_CALL: Models = Models {
    of: &[
        "claude-3-7-",
        "claude-sonnet-4",
        "claude-opus-4",
        "claude-haiku-4",
    ],
    but: &["claude-opus-4-8"],
};

const NO_SYSTEM: Models = of(&[
    "titan-text",
    "titan-tg1",
    "mistral-7b",
    "mixtral-8x7b",
    "cohere.command-text",
    "cohere.command-light",
    "ai21.j2",
]);
const NO_TOOLS: Models = of(&[
    "titan-text",
    "titan-tg1",
    "mistral-7b",
    "mixtral-8x7b",
    "llama2",
    "llama3-8b",
    "llama3-70b",
    "llama3-2-1b",
    "llama3-2-3b",
    "claude-v",
    "claude-instant",
    "deepseek.r1",
    "jamba-instruct",
    "cohere.command-text",
    "cohere.command-light",
]);
const NO_STREAMED_TOOLS: Models = of(&[
    "meta.llama4",
    "meta.llama3",
    "mistral.mistral-large-24",
    "mistral.mistral-small-24",
    "mistral.pixtral-large",
    "ai21.jamba",
    "writer.palmyra",
]);
const NO_FORCED_TOOLS: Models = of(&["meta.llama", "ai21.jamba", "cohere.command-r"]);
const NO_NAMED_TOOL: Models = of(&[
    "meta.llama",
    "ai21.jamba",
    "cohere.command-r",
    "mistral-large-24",
    "mistral-small-24",
]);

const NO_CACHE: Models = of(&[
    "google.gemma",
    "kimi-k2-thinking",
    "meta.llama",
    "qwen3-32b",
    "zai.glm",
]);
const OLDER_WITHOUT_CACHE: Models = of(&[
    "claude-v2",
    "claude-instant",
    "claude-3-haiku",
    "claude-3-sonnet",
    "claude-3-opus",
    "20240620",
]);
const GPT: Models = of(&["openai.gpt-5.", "openai.gpt-6"]);
const NEWER_GPT: Models = of(&["openai.gpt-5.6", "openai.gpt-6"]);
const GROK: Models = of(&["xai."]);
const NEWER_GPT_OR_GROK: Models = of(&["openai.gpt-5.6", "openai.gpt-6", "xai."]);
const GPT_OSS: Models = of(&["openai.gpt-oss"]);

const NO_REASONING: Models = Models {
    of: &["deepseek.r1", "amazon.nova"],
    but: &["nova-2"],
};

/// All of them.
#[rustfmt::skip]
pub static RULES: &[Rule] = &[
    // What every conversation has.
    rule(conversation::empty_message, ALL, &[Converse, Nova], Bedrock, Reported, 2024),
    rule(conversation::empty_message, CLAUDE, &[Messages], Bedrock, Reported, 2024),
    rule(conversation::blank_text, ALL, &[Converse, Messages, Nova], Bedrock, Reported, 2024),
    rule(conversation::document_alone, ALL, &[Converse, Nova], Bedrock, Reported, 2026),
    rule(conversation::no_messages, ALL, &[Converse, Nova], Bedrock, Reported, 2024),
    rule(conversation::tools_undefined, ALL, &[Converse, Nova], Bedrock, Reported, 2024),
    rule(conversation::choice_undefined, ALL, &[Converse, Nova], Bedrock, Reported, 2024),
    rule(conversation::defined_twice, ALL, &[Converse, Nova], Bedrock, Reported, 2026),
    rule(conversation::unpaired, ALL, &[Converse, Nova], Bedrock, Reported, 2025),
    rule(conversation::unanswered, CLAUDE, &[Messages], Bedrock, Reported, 2025),

    // What a model reads.
    rule(media::video, NO_VIDEO, &[Converse], Bedrock, Recorded, 2026),
    rule(media::image, TEXT_ONLY, &[Converse], Bedrock, Documented, 2026),
    rule(media::audio, NO_AUDIO, &[Converse], Bedrock, Documented, 2026),
    rule(media::by_s3, NO_S3, &[Converse], Bedrock, Recorded, 2026),
    rule(documents::by_s3, NO_S3, &[Converse], Model, Recorded, 2026),
    rule(documents::by_s3_in_result, of(&["amazon.nova"]), &[Converse], Model, Recorded, 2026),
    rule(media::by_url, CLAUDE, &[Messages], Bedrock, Recorded, 2025),
    rule(media::types, CLAUDE, &[Messages], Bedrock, Documented, 2025),
    rule(media::mislabelled, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(order::unknown_blocks, CLAUDE, &[Messages], Bedrock, Reported, 2026),
    rule(media::in_result, NO_RESULT_IMAGES, &[Converse], Bedrock, Reported, 2026),
    rule(media::said_by_model, CLAUDE, &[Converse, Messages], Model, Reported, 2025),
    rule(order::nova_blocks, ALL, &[Nova], Bedrock, Recorded, 2025),
    rule(order::nova_members, ALL, &[Nova], Bedrock, Reported, 2025),
    rule(media::too_many, ALL, &[Converse], Bedrock, Documented, 2026),
    rule(media::too_large, ALL, &[Converse, Messages], Model, Documented, 2026),
    rule(documents::names, ALL, &[Converse], Bedrock, Reported, 2026),
    rule(documents::duplicates, ALL, &[Converse], Bedrock, Reported, 2026),
    rule(documents::too_many, ALL, &[Converse], Bedrock, Documented, 2026),
    rule(documents::too_large, but(&["amazon.nova"]), &[Converse], Bedrock, Documented, 2026),

    // How much it reads and writes.
    rule(limits::answer, ALL, &[Converse, Messages, Nova], Bedrock, Reported, 2025),
    rule(limits::prompt, of(&["amazon.nova"]), &[Converse, Nova], Model, Recorded, 2026),
    rule(limits::prompt, but(&["amazon.nova"]), &[Converse, Messages], Model, Reported, 2026),
    rule(limits::prompt_and_answer, CLAUDE, &[Converse, Messages], Model, Reported, 2025),

    // Settings.
    rule(parameters::temperature_with_top_p, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(bodies::llama, of(&["meta.llama"]), &[Other], Bedrock, Documented, 2025),
    rule(bodies::mistral, of(&["mistral."]), &[Other], Bedrock, Documented, 2025),
    rule(bodies::deepseek, of(&["deepseek.r1"]), &[Other], Bedrock, Documented, 2025),
    rule(bodies::nova, ALL, &[Nova], Bedrock, Documented, 2025),
    rule(bodies::claude, CLAUDE, &[Messages], Bedrock, Reported, 2025),
    rule(parameters::blank_stops, CLAUDE, &[Converse, Messages], Model, Reported, 2024),
    rule(parameters::sampling, NO_SAMPLING, &[Converse, Messages], Model, Reported, 2026),
    rule(parameters::thinking, NO_THINKING, &[Converse, Messages], Model, Reported, 2025),
    rule(parameters::enabled_thinking, NO_SAMPLING, &[Converse, Messages], Model, Reported, 2026),
    rule(parameters::adaptive_thinking, NO_ADAPTIVE_THINKING, &[Converse, Messages], Model, Reported, 2026),
    rule(parameters::thinking_budget, CLAUDE, &[Converse, Messages], Model, Documented, 2025),
    rule(parameters::thinking_with_forced_tool, THINKS_OR_IS_MADE_TO_CALL, &[Converse, Messages], Model, Documented, 2025),
    rule(parameters::thinking_with_sampling, CLAUDE, &[Converse, Messages], Model, Documented, 2025),
    rule(parameters::unknown_member, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(parameters::system, NO_SYSTEM, &[Converse], Bedrock, Documented, 2025),

    // Who speaks when.
    rule(order::first_turn, ALL, &[Converse, Messages, Nova], Bedrock, Reported, 2025),
    rule(parameters::prefill, NO_PREFILL, &[Converse, Messages], Model, Reported, 2026),
    rule(parameters::last_turn_of_model, NO_LAST_TURN_OF_MODEL, &[Converse], Bedrock, Reported, 2025),
    rule(parameters::prefill_while_thinking, CLAUDE, &[Converse, Messages], Model, Documented, 2025),
    rule(parameters::white_space_at_end, CLAUDE, &[Converse, Messages], Model, Reported, 2025),
    rule(order::reasoning, NO_REASONING, &[Converse], Bedrock, Reported, 2026),
    rule(order::reasoning_of_user, ALL, &[Converse, Messages], Model, Reported, 2025),
    rule(order::unsigned_reasoning, CLAUDE, &[Converse, Messages], Model, Reported, 2025),

    // Tools.
    rule(tools::any, NO_TOOLS, &[Converse], Bedrock, Documented, 2025),
    rule(tools::streamed, NO_STREAMED_TOOLS, &[Converse], Bedrock, Reported, 2025),
    rule(tools::any_demanded, NO_FORCED_TOOLS, &[Converse], Bedrock, Reported, 2025),
    rule(tools::one_demanded, NO_NAMED_TOOL, &[Converse], Bedrock, Documented, 2025),
    rule(tools::no_object, ALL, &[Converse], Bedrock, Reported, 2025),
    rule(tools::blank_result, ALL, &[Converse], Bedrock, Reported, 2025),
    rule(tools::root, ALL, &[Converse, Messages, Nova], Bedrock, Reported, 2026),
    rule(tools::properties, ALL, &[Converse, Messages], Model, Reported, 2026),
    rule(drafts::schemas, CLAUDE, &[Converse, Messages], Model, Reported, 2025),
    rule(drafts::property_keys, CLAUDE, &[Converse, Messages], Model, Reported, 2025),
    rule(tools::union_at_root, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(tools::names, CLAUDE, &[Messages], Bedrock, Reported, 2026),
    rule(tools::ids, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(tools::ids_twice, ALL, &[Converse, Messages], Bedrock, Reported, 2025),
    rule(tools::twice, CLAUDE, &[Messages], Bedrock, Reported, 2026),
    rule(order::calls_of_user, CLAUDE, &[Converse, Messages], Model, Reported, 2025),
    rule(order::results_of_model, CLAUDE, &[Converse, Messages], Model, Reported, 2025),
    rule(order::unanswered, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(schemas::native, CLAUDE, &[Converse, Messages], Model, Reported, 2026),
    rule(schemas::strict_tools, CLAUDE, &[Converse, Messages], Model, Reported, 2026),

    // Prompt caching.
    rule(cache_points::any, NO_CACHE, &[Converse], Denied, Reported, 2026),
    rule(cache_points::any, OLDER_WITHOUT_CACHE, &[Converse], Denied, Documented, 2026),
    rule(cache_points::behind_tools, of(&["amazon.nova"]), &[Converse], Model, Reported, 2026),
    rule(cache_points::misplaced, CLAUDE, &[Converse], Model, Reported, 2026),
    rule(cache_points::too_many, ALL, &[Converse, Messages, Nova, Other], Model, Documented, 2025),
    rule(cache_points::longer_behind_shorter, CLAUDE, &[Converse, Messages], Model, Documented, 2026),

    // OpenAI's chat completions and responses.
    rule(apis::max_tokens, NEWER_GPT, &[Chat], Bedrock, Recorded, 2026),
    rule(apis::tools_while_reasoning, GPT, &[Chat], Bedrock, Recorded, 2026),
    rule(apis::sampling_while_reasoning, GPT, &[Chat, Responses], Bedrock, Recorded, 2026),
    rule(apis::penalties, GROK, &[Chat], Unavailable, Recorded, 2026),
    rule(apis::stop, NEWER_GPT_OR_GROK, &[Chat], Bedrock, Recorded, 2026),
    rule(apis::logit_bias, GPT_OSS, &[Chat], Bedrock, Recorded, 2026),
    rule(apis::choices, ALL, &[Chat], Bedrock, Reported, 2026),
    rule(apis::images_elsewhere, ALL, &[Chat, Responses], Bedrock, Recorded, 2026),
    rule(apis::background, ALL, &[Responses], Bedrock, Recorded, 2026),
    rule(apis::tools_of_servers, ALL, &[Responses], Bedrock, Reported, 2026),
    rule(apis::least_output, ALL, &[Responses], Bedrock, Recorded, 2026),
    rule(apis::max_tokens_of_response, ALL, &[Responses], Bedrock, Recorded, 2026),
    rule(apis::json_unsaid, ALL, &[Responses], Bedrock, Recorded, 2026),

    // Anthropic's messages at Anthropic's path.
    rule(apis::version, ALL, &[AnthropicPath], Bedrock, Documented, 2026),
    rule(apis::betas, ALL, &[AnthropicPath], Bedrock, Recorded, 2026),
    rule(apis::members, ALL, &[AnthropicPath], Bedrock, Reported, 2026),
    rule(apis::tools_of_anthropic, ALL, &[AnthropicPath], Bedrock, Reported, 2026),
    rule(apis::user_id, ALL, &[AnthropicPath], Bedrock, Recorded, 2026),
    rule(apis::reserved_word, ALL, &[AnthropicPath], Bedrock, Reported, 2026),
];
