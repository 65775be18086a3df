package rules

import "testing"

func TestFileFindings(t *testing.T) {
	runFindings(t, []findingTest{
		{"no files", nil, []string{" !VALIDATE: the rule files define no rule, drop or sequence; add a rule"}},
		{"empty", []string{""}, []string{
			"a.yaml !YAML_VALIDATE: the file has no rules: it is empty or has only comments; write rules, or leave the file out",
		}},
		{"comment only", []string{"# nothing\n---\n"}, []string{
			"a.yaml !YAML_VALIDATE: the file has no rules: it is empty or has only comments; write rules, or leave the file out",
		}},
		{"one of two is empty", []string{plainRule, "\n"}, []string{
			"b.yaml !YAML_VALIDATE: the file has no rules: it is empty or has only comments; write rules, or leave the file out",
		}},
		{"only lists", []string{"- list: a\n  items: [b]\n"}, []string{
			" !VALIDATE: the rule files define no rule, drop or sequence; add a rule",
		}},
		{"a mapping", []string{"rule: x\n"}, []string{
			`a.yaml:1:1 !YAML_VALIDATE: the file is a mapping, not a list of items; begin each item with "- rule:", "- macro:" or "- list:"`,
		}},
		{"a text", []string{"hello\n"}, []string{
			`a.yaml:1:1 !YAML_VALIDATE: the file is a text, not a list of items; begin each item with "- rule:", "- macro:" or "- list:"`,
		}},
		{"items that are none", []string{plainRule + "- hello\n- [a]\n-\n"}, []string{
			`a.yaml:6:3 !YAML_VALIDATE: an item must be a mapping, not a text; begin each item with "- rule:", "- macro:" or "- list:"`,
			`a.yaml:7:3 !YAML_VALIDATE: an item must be a mapping, not a list; begin each item with "- rule:", "- macro:" or "- list:"`,
		}},
		{"no UTF-8", []string{plainRule + "# caf\xe9\n"}, []string{
			"a.yaml:6:6 !YAML_PARSE: the file is no UTF-8 text; save it as UTF-8",
		}},
		{"bad YAML", []string{plainRule + "  tags: [a\n- rule: S\n"}, []string{
			"a.yaml:6:3 !YAML_PARSE: the file is no YAML: did not find expected ',' or ']'",
		}},
		{"no end of a quote", []string{plainRule + "  tags: [\"a\", 'b\n"}, []string{
			"a.yaml:6:15 !YAML_PARSE: the file is no YAML: found unexpected end of stream",
		}},
		{"a character of no use", []string{plainRule + "  output: \"äö \x1b[31m\"\n"}, []string{
			"a.yaml:6:17 !YAML_PARSE: the file is no YAML: the character U+001B is not allowed; leave it out, or write \"\\u001b\" in double quotes",
		}},
		{"a character that begins nothing", []string{plainRule + "  output: ä\n  tags: [ä, @b]\n"}, []string{
			"a.yaml:7:14 !YAML_PARSE: the file is no YAML: found character that cannot start any token",
		}},
		{"an anchor that is nowhere", []string{plainRule + "  output: 'a *b'\n  tags: [ä, *b]\n"}, []string{
			"a.yaml:7:14 !YAML_PARSE: the file is no YAML: unknown anchor 'b' referenced",
		}},
		{"bad indentation", []string{"- list: x\n  items: [a]\n- list: y\n  desc: a\n foo: a\n"}, []string{
			"a.yaml:5:2 !YAML_PARSE: the file is no YAML: did not find expected '-' indicator",
		}},
		{"twice the same key", []string{plainRule + "  desc: e\n"}, []string{
			`a.yaml:6:3 !YAML_VALIDATE: the key "desc" is given twice; leave one of them out`,
		}},
		{"unknown item", []string{plainRule + "- rul: x\n  desc: y\n"}, []string{
			"a.yaml:6:3 UNKNOWN_ITEM: this item is ignored: it is no rule, macro, list, drop or sequence; did you mean rule?",
		}},
		{"unknown key", []string{plainRule + "  prority: low\n  foo: bar\n"}, []string{
			`a.yaml:6:3 UNKNOWN_KEY: the key "prority" is not known here and ignored; did you mean priority?`,
			`a.yaml:7:3 UNKNOWN_KEY: the key "foo" is not known here and ignored`,
		}},
		{"all at once", []string{"- rule: A\n- macro: m\n  condition: (\n", "- list: l\n- rule: B\n  desc: d\n  condition: m\n"}, []string{
			`a.yaml:1:3 !YAML_VALIDATE: the key "desc" is missing; add it`,
			`a.yaml:1:3 !YAML_VALIDATE: the key "condition" is missing; add it`,
			"a.yaml:3:15 !COMPILE_CONDITION: *",
			`b.yaml:1:3 !YAML_VALIDATE: the key "items" is missing; add it`,
		}},
	})
}

func TestRuleFindings(t *testing.T) { runFindings(t, ruleFindings) }

var ruleFindings = []findingTest{
	{"no condition", bareWith(""), []string{
		`a.yaml:1:3 !YAML_VALIDATE: the key "condition" is missing; add it`,
	}},
	{"no description", []string{"- rule: R\n  condition: a.b exists\n"}, []string{
		`a.yaml:1:3 !YAML_VALIDATE: the key "desc" is missing; add it`,
	}},
	{"no name", []string{"- rule:\n  desc: d\n  condition: a.b exists\n"}, []string{
		`a.yaml:1:8 !YAML_VALIDATE: the value of "rule" is empty`,
	}},
	{"empty name", []string{"- rule: ''\n  desc: d\n  condition: a.b exists\n"}, []string{
		`a.yaml:1:9 !YAML_VALIDATE: the value of "rule" is empty`,
	}},
	{"condition is a list", bareWith("  condition: [a]\n"), []string{
		`a.yaml:3:14 !YAML_VALIDATE: the value of "condition" must be a text, not a list`,
	}},
	{"condition is empty", bareWith("  condition:\n"), []string{
		`a.yaml:3:13 !YAML_VALIDATE: the value of "condition" is empty`,
	}},
	{"bad priority", bareWith("  condition: a.b exists\n  priority: warnin\n"), []string{
		`a.yaml:4:13 !YAML_VALIDATE: there is no priority "warnin"; did you mean warning?`,
	}},
	{"unlike any priority", bareWith("  condition: a.b exists\n  priority: 1\n"), []string{
		`a.yaml:4:13 !YAML_VALIDATE: there is no priority "1"; use emergency, alert, critical, error, warning, notice, info, debug, or high, medium, low`,
	}},
	{"bad enabled", plainWith("  enabled: maybe\n"), []string{
		`a.yaml:6:12 !YAML_VALIDATE: the value of "enabled" must be true or false, not "maybe"; write true or false`,
	}},
	{"tags are a text", plainWith("  tags: a\n"), []string{
		`a.yaml:6:9 !YAML_VALIDATE: the value of "tags" must be a list, not a text; write it in brackets: [a, b]`,
	}},
	{"a tag is a list", plainWith("  tags: [[a]]\n"), []string{
		`a.yaml:6:10 !YAML_VALIDATE: an item of "tags" must be a text, not a list`,
	}},
	{"unknown kind", plainWith("  prefilter: [PE, XX, C]\n"), []string{
		`a.yaml:6:19 !YAML_VALIDATE: there is no kind of event "XX"; the kinds are PE, FE, FF, NF, NE, PF and KE`,
		`a.yaml:6:23 !YAML_VALIDATE: there is no kind of event "C"; the kinds are PE, FE, FF, NF, NE, PF and KE`,
	}},
	{"empty prefilter", plainWith("  prefilter: []\n"), []string{
		`a.yaml:6:14 NEVER_MATCHES: an empty prefilter lets no record pass, so this is disabled; leave the key "prefilter" out, or name kinds like [PE, FF]`,
	}},
	{"action of a plugin", plainWith("  actions: [tag, hash]\n"), []string{
		`a.yaml:6:12 UNSUPPORTED_ACTION: the action "hash" is a plugin of sf-processor, which does not run here; use a processor of the collector behind the policy for what it does`,
	}},
	{"old actions", plainWith("  action: [alert]\n"), []string{}},
	{"unknown source", plainWith("  source: k8s_audit\n"), []string{
		`a.yaml:6:11 UNKNOWN_SOURCE: the rule is skipped: its source "k8s_audit" is not known here, which has only syscall`,
	}},
	{"capture", plainWith("  capture: true\n  capture_duration: 5\n"), []string{}},
	{"bad output", bareWith("  condition: a.b exists\n  output: '%proc.name[ is'\n"), []string{
		"a.yaml:4:22 !COMPILE_OUTPUT: *",
	}},
	{"bad condition", bareWith("  condition: >\n    a.b exists and\n    c.d foo e\n"), []string{
		"a.yaml:5:9 !COMPILE_CONDITION: *",
	}},
	{"twice in a file", []string{plainRule + plainRule}, []string{
		`a.yaml:6:3 !VALIDATE: the rule "R" is defined twice in this file, first in line 1; rename one of them, or change the first with override`,
	}},
	{"twice in two files", []string{plainRule, plainRule}, []string{
		"b.yaml:1:3 REDEFINITION: this replaces the rule of the same name at a.yaml:1:3",
	}},
	{"other source", []string{plainRule, plainRule + "  source: aws\n"}, []string{
		`b.yaml:1:3 !VALIDATE: the rule has the source "aws", but at a.yaml:1:3 it has the source "syscall"`,
		`b.yaml:6:11 UNKNOWN_SOURCE: the rule is skipped: its source "aws" is not known here, which has only syscall`,
	}},
	{"toggle", []string{plainRule + "- rule: R\n  enabled: false\n"}, []string{
		`a.yaml:7:12 DEPRECATED_ITEM: a rule with nothing but "enabled" is deprecated; add "override: {enabled: replace}"`,
	}},
	{"toggle of nothing", []string{plainRule + "- rule: Q\n  enabled: false\n"}, []string{
		`a.yaml:6:3 !VALIDATE: there is no rule "Q" before that this could change; define it before, in this file or in an earlier one`,
		`a.yaml:7:12 DEPRECATED_ITEM: a rule with nothing but "enabled" is deprecated; add "override: {enabled: replace}"`,
	}},
}

// plainWith is a good rule and more, bareWith one that lacks a condition and more.
func plainWith(more string) []string { return []string{plainRule + more} }

func bareWith(more string) []string { return []string{"- rule: R\n  desc: d\n" + more} }

func TestNameFindings(t *testing.T) { runFindings(t, nameFindings) }

var nameFindings = []findingTest{
	{"undefined macro", []string{"- macro: spawned\n  condition: a.b exists\n" + ruleOf("a.b = c and spawnd")}, []string{
		`a.yaml:5:26 !COMPILE_CONDITION: the macro "spawnd" is not defined; did you mean spawned?`,
	}},
	{"unlike any macro", []string{ruleOf("whatever")}, []string{
		`a.yaml:3:14 !COMPILE_CONDITION: the macro "whatever" is not defined; define it, or write a check with a field and an operator`,
	}},
	{"list as macro", []string{someLists + ruleOf("abc_names or a.b exists")}, []string{
		`a.yaml:9:14 !COMPILE_CONDITION: the macro "abc_names" is not defined; it is a list: write a field and in (abc_names)`,
	}},
	{"undefined list", []string{someLists + ruleOf("a.b in abc_nams")}, []string{
		`a.yaml:9:21 !COMPILE_CONDITION: the list "abc_nams" is not defined; did you mean abc_names?`,
	}},
	{"unlike any list", []string{someLists + ruleOf("a.b in whatever")}, []string{
		`a.yaml:9:21 SUSPICIOUS_LITERAL: "whatever" is no list and taken as a text; put values in parentheses: in (whatever)`,
	}},
	{"looks like a list", []string{someLists + ruleOf("a.b in other_things or a.b pmatch non")}, []string{
		`a.yaml:9:21 !COMPILE_CONDITION: the list "other_things" is not defined; put values in parentheses: in (other_things)`,
		`a.yaml:9:48 !COMPILE_CONDITION: the list "non" is not defined; did you mean none?`,
	}},
	{"several values for a scalar", []string{someLists + ruleOf("a.b = abc_names")}, []string{
		`a.yaml:9:20 !COMPILE_CONDITION: the operator = takes one value, but the list "abc_names" has 2; compare with in (abc_names)`,
	}},
	{"no value for a scalar", []string{someLists + ruleOf("a.b = none")}, []string{
		`a.yaml:9:20 !COMPILE_CONDITION: the operator = takes one value, but the list "none" has 0; compare with in (none)`,
	}},
	{"nearly a list", []string{someLists + ruleOf("a.b in (abc_name, x_names, x)")}, []string{
		`a.yaml:9:22 SUSPICIOUS_LITERAL: "abc_name" is no list and taken as a text; did you mean abc_names? If not, put it in quotes`,
	}},
	{"an ending of lists", []string{someLists + "- list: x_names\n  items: [y_names]\n- list: z_names\n  items: [z]\n" + ruleOf("a.b in (x_names)")}, []string{
		`a.yaml:8:11 SUSPICIOUS_LITERAL: "y_names" is no list and taken as a text; define the list, or put the text in quotes`,
	}},
	{"empty list", []string{someLists + ruleOf("a.b in () or a.b in (none)")}, []string{
		`a.yaml:9:18 NEVER_MATCHES: nothing is in the empty list, so that the check never holds; name values, or a list`,
	}},
	{"alone and named like a list", []string{ruleOf("sf.b in (trusted_programs) or a.b pmatch (other_paths) or a.b in (trusted_programs)")}, []string{
		`a.yaml:3:23 SUSPICIOUS_LITERAL: "trusted_programs" is no list and taken as a text; define the list, or put the text in quotes`,
		`a.yaml:3:56 SUSPICIOUS_LITERAL: "other_paths" is no list and taken as a text; define the list, or put the text in quotes`,
		`a.yaml:3:80 SUSPICIOUS_LITERAL: "trusted_programs" is no list and taken as a text; define the list, or put the text in quotes`,
	}},
	{"alone but named otherwise", []string{ruleOf(
		"evt.type in (init_module) or a.b in (WORD_LIKE) or a.b in (bash) or a.b in (\"a_b\") or a.b in (a_b, b_c) or a.b in (unicorn_launche) or a.b in (a/b_c)",
	)}, []string{}},
	{"macro in a list", []string{"- macro: my_macro\n  condition: a.b exists\n" + ruleOf("my_macro and a.b in (my_macro)")}, []string{
		`a.yaml:5:35 SUSPICIOUS_LITERAL: "my_macro" is no list and taken as a text; it is a macro, which cannot stand in a list`,
	}},
	{"macro defined later", []string{"- macro: m\n  condition: n\n- macro: n\n  condition: a.b exists\n" + ruleOf("m")}, []string{
		`a.yaml:2:14 !COMPILE_CONDITION: the macro "n" is defined only at a.yaml:3:3, behind this macro that uses it; move it up`,
	}},
	{"macro names itself", []string{"- macro: m\n  condition: a.b exists or m\n" + ruleOf("m")}, []string{
		"a.yaml:1:3 !VALIDATE: the macro stands for itself: m -> m",
	}},
	{"macros in a circle", []string{"- macro: a\n  condition: sf.x = b or b\n- macro: b\n  condition: c\n- macro: c\n  condition: a\n" + ruleOf("a")}, []string{
		"a.yaml:1:3 !VALIDATE: the macro stands for itself: a -> b -> c -> a",
	}},
	{"lists in a circle", []string{"- list: a\n  items: [x, b]\n- list: b\n  items: [c, y]\n- list: c\n  items: [a]\n" + ruleOf("a.b in (c)")}, []string{
		`a.yaml:6:11 SUSPICIOUS_LITERAL: "a" is taken as a text, because the lists name each other in a circle: a -> b -> c -> a; put it in quotes, or leave it out`,
	}},
	{"lists of SysFlow in a circle", []string{"- list: a\n  items: [x, b]\n- list: b\n  items: [c, y]\n- list: c\n  items: [a]\n" + ruleOf("sf.b in (c)")}, []string{
		"a.yaml:1:3 !VALIDATE: the list stands for itself: a -> b -> c -> a",
	}},
	{"lists in a circle through another style", []string{"- list: a\n  items: [b]\n" + ruleOf("a.b in (a)"), "- list: b\n  items: [a]\n- drop: D\n  condition: sf.b in (b)\n"}, []string{
		"a.yaml:1:3 !VALIDATE: the list stands for itself: a -> b -> a",
	}},
	{"list names itself", []string{"- list: my_a\n  items: [my_a, x]\n" + ruleOf("a.b in (my_a)"), "- list: my_a\n  items: [y, my_a]\n" + flowOf("sf.b in (my_a)")}, []string{}},
	{"names that cannot be written", []string{"- macro: a-b\n  condition: a.b exists\n- list: a b\n  items: [c]\n" + plainRule}, []string{
		`a.yaml:1:10 INVALID_MACRO_NAME: the name "a-b" of a macro cannot be written in a condition; use letters, digits and underscores, a letter first`,
		`a.yaml:3:9 INVALID_LIST_NAME: the name "a b" of a list cannot be written in a condition; leave out blanks, quotes, parentheses, = and commas`,
	}},
	{"macro twice", []string{"- macro: m\n  condition: a.b exists\n- macro: m\n  condition: a.b exists\n" + plainRule}, []string{
		"a.yaml:3:3 REDEFINITION: this replaces the macro of the same name at a.yaml:1:3",
	}},
	{"names twice in SysFlow's style", []string{"- macro: m\n  condition: a.b exists\n- list: l\n  items: [a]\n" + ruleOf("sf.b in (l) and m") + "- list: l\n  items: [b]\n- macro: m\n  condition: a.b exists\n"}, []string{
		"a.yaml:8:3 REDEFINITION: from here on this replaces the list of the same name at a.yaml:3:3",
		"a.yaml:10:3 REDEFINITION: from here on this replaces the macro of the same name at a.yaml:1:3",
	}},
	{"a macro of the same name in a macro", []string{"- macro: m\n  condition: a.b exists\n- macro: m\n  condition: m or sf.b exists\n" + ruleOf("m")}, []string{
		"a.yaml:3:3 REDEFINITION: from here on this replaces the macro of the same name at a.yaml:1:3",
		"a.yaml:3:3 !VALIDATE: the macro stands for itself: m -> m",
	}},
	{"list twice", []string{someLists + someLists + plainRule}, []string{
		"a.yaml:7:3 REDEFINITION: this replaces the list of the same name at a.yaml:1:3",
		"a.yaml:9:3 REDEFINITION: this replaces the list of the same name at a.yaml:3:3",
		"a.yaml:11:3 REDEFINITION: this replaces the list of the same name at a.yaml:5:3",
	}},
	{"redefined in a later file", []string{someLists + plainRule, someLists}, []string{
		"b.yaml:1:3 REDEFINITION: this replaces the list of the same name at a.yaml:1:3",
		"b.yaml:3:3 REDEFINITION: this replaces the list of the same name at a.yaml:3:3",
		"b.yaml:5:3 REDEFINITION: this replaces the list of the same name at a.yaml:5:3",
	}},
	{"items are a text", []string{"- list: l\n  items: a\n- list: m\n- list: n\n  items: [{a: b}, ~]\n" + plainRule}, []string{
		`a.yaml:2:10 !YAML_VALIDATE: the value of "items" must be a list, not a text; write it in brackets: [a, b]`,
		`a.yaml:3:3 !YAML_VALIDATE: the key "items" is missing; add it`,
		"a.yaml:5:11 !YAML_VALIDATE: an item of the list must be a text, not a mapping",
		"a.yaml:5:19 !YAML_VALIDATE: an item of the list is empty",
	}},
	{"a bad macro is reported once", []string{"- macro: m\n  condition: a.b ~ c\n- macro: n\n  condition: m\n" + ruleOf("m and n")}, []string{
		"a.yaml:2:18 !COMPILE_CONDITION: *",
	}},
}

const someLists = "- list: abc_names\n  items: [a, b]\n- list: one\n  items: [a]\n- list: none\n  items: []\n"

// flowOf is another one.
func flowOf(condition string) string { return "- rule: S\n  desc: d\n  condition: " + condition + "\n" }

// ruleOf is a rule with a condition.
func ruleOf(condition string) string { return "- rule: R\n  desc: d\n  condition: " + condition + "\n" }
