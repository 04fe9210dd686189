//! All checks as data.

use super::rules;

/// What a check is called and what it is about, in BuildKit's words.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// For instance `StageNameCasing`.
    pub name: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// Where BuildKit sends people to read more; empty for nowhere.
    pub url: &'static str,
    /// Whether it runs only where it was asked for.
    pub experimental: bool,
}

/// Every check, in BuildKit's order.
pub static RULES: [&Rule; 22] = [
    &rules::stage_name_casing::RULE,
    &rules::from_as_casing::RULE,
    &rules::no_empty_continuation::RULE,
    &rules::consistent_instruction_casing::RULE,
    &rules::duplicate_stage_name::RULE,
    &rules::reserved_stage_name::RULE,
    &rules::json_args_recommended::RULE,
    &rules::maintainer_deprecated::RULE,
    &rules::undefined_arg_in_from::RULE,
    &rules::workdir_relative_path::RULE,
    &rules::undefined_var::RULE,
    &rules::multiple_instructions_disallowed::RULE,
    &rules::legacy_key_value_format::RULE,
    &rules::invalid_base_image_platform::RULE,
    &rules::redundant_target_platform::RULE,
    &rules::secrets_used_in_arg_or_env::RULE,
    &rules::invalid_default_arg_in_from::RULE,
    &rules::from_platform_flag_const_disallowed::RULE,
    &rules::copy_ignored_file::RULE,
    &rules::invalid_definition_description::RULE,
    &rules::expose_proto_casing::RULE,
    &rules::expose_invalid_format::RULE,
];

/// The check of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
