package diag

// Code classifies a diagnostic. The names are Falco's (userspace/engine/falco_load_result.cpp),
// which tools match on; what Falco has no name for follows the same form.
type Code string

// Codes of errors.
const (
	ErrFileRead         Code = "LOAD_ERR_FILE_READ"
	ErrYAMLParse        Code = "LOAD_ERR_YAML_PARSE"
	ErrYAMLValidate     Code = "LOAD_ERR_YAML_VALIDATE"
	ErrCompileCondition Code = "LOAD_ERR_COMPILE_CONDITION"
	ErrCompileOutput    Code = "LOAD_ERR_COMPILE_OUTPUT"
	ErrValidate         Code = "LOAD_ERR_VALIDATE"
)

// Codes of warnings.
const (
	WarnUnknownSource       Code = "LOAD_UNKNOWN_SOURCE"
	WarnUnknownFilter       Code = "LOAD_UNKNOWN_FILTER"
	WarnUnusedMacro         Code = "LOAD_UNUSED_MACRO"
	WarnUnusedList          Code = "LOAD_UNUSED_LIST"
	WarnUnknownItem         Code = "LOAD_UNKNOWN_ITEM"
	WarnDeprecatedItem      Code = "LOAD_DEPRECATED_ITEM"
	WarnAppendNoValues      Code = "LOAD_APPEND_NO_VALUES"
	WarnExceptionNotUnique  Code = "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
	WarnInvalidMacroName    Code = "LOAD_INVALID_MACRO_NAME"
	WarnInvalidListName     Code = "LOAD_INVALID_LIST_NAME"
	WarnUnknownKey          Code = "LOAD_UNKNOWN_KEY"
	WarnNotYAML             Code = "LOAD_NOT_YAML"             // read as sf-processor reads it
	WarnUnsupportedAction   Code = "LOAD_UNSUPPORTED_ACTION"   // a plugin of sf-processor
	WarnNeverMatches        Code = "LOAD_NEVER_MATCHES"        // disabled, as no record can pass
	WarnNearlyAlwaysTrue    Code = "LOAD_NEARLY_ALWAYS_TRUE"   // != with a list
	WarnUnanswerableField   Code = "LOAD_UNANSWERABLE_FIELD"   // known, but SysFlow does not have it
	WarnUnanswerableEvent   Code = "LOAD_UNANSWERABLE_EVENT"   // a system call that SysFlow does not record
	WarnMisspelledAttribute Code = "LOAD_MISSPELLED_ATTRIBUTE" // read as what published policies mean by it
	WarnRedefinition        Code = "LOAD_REDEFINITION"         // a SysFlow item replaces an earlier one
	WarnSuspiciousLiteral   Code = "LOAD_SUSPICIOUS_LITERAL"   // a text that is nearly the name of a list or field
)
