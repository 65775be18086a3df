package expr

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// anchored compiles a regular expression (RE2) that must match the whole text.
func anchored(pattern string) (*regexp.Regexp, error) {
	// On its own first, so that errors show what the user wrote, and so that "a)|(b" fails.
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, err
	}
	return regexp.Compile(`^(?:` + pattern + `)$`)
}

// compilePattern compiles the constant of glob, iglob or regex.
func compilePattern(op syntax.Op, pattern string) (*regexp.Regexp, error) {
	if op == syntax.Regex {
		return anchored(pattern)
	}
	return glob(pattern, op == syntax.IGlob)
}

// JoinComponents returns the components of a path with single slashes between them.
func JoinComponents(path string) string {
	if !strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") && !strings.Contains(path, "//") {
		return path
	}
	return strings.Join(strings.FieldsFunc(path, func(r rune) bool { return r == '/' }), "/")
}

// pathPattern translates a path whose components are patterns, for paths at or below it.
func pathPattern(path string) (*regexp.Regexp, error) {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = globOf(p, false, `[^/]`)
	}
	return regexp.Compile(`^/*` + strings.Join(parts, `/+`) + `(?:/|$)`)
}

// glob translates fnmatch(3) patterns: *, ?, [set] and backslash; * also matches slashes, as
// in Falco. Bytes that are no UTF-8 count as one character each.
func glob(pattern string, fold bool) (*regexp.Regexp, error) {
	return regexp.Compile(`^` + globOf(pattern, fold, `.`) + `$`)
}

// globOf translates a pattern in which wildcards stand for the given class of characters.
func globOf(pattern string, fold bool, wild string) string {
	var b strings.Builder
	b.WriteString(`(?s`)
	if fold {
		b.WriteByte('i')
	}
	b.WriteString(`:`)
	for i := 0; i < len(pattern); {
		switch c := pattern[i]; c {
		case '*':
			b.WriteString(wild + `*`)
			i++
		case '?':
			b.WriteString(wild)
			i++
		case '[':
			i += globSet(&b, pattern[i:])
		case '\\':
			if i+1 < len(pattern) {
				i++
			}
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
			i++
		default:
			end := i + 1
			for end < len(pattern) && !strings.ContainsRune(`*?[\`, rune(pattern[end])) {
				end++
			}
			b.WriteString(regexp.QuoteMeta(pattern[i:end]))
			i = end
		}
	}
	b.WriteByte(')')
	return b.String()
}

// globSet translates the set at the start of s and returns its length; without an end it is
// an ordinary bracket.
func globSet(b *strings.Builder, s string) int {
	at := 1
	negated := strings.HasPrefix(s[1:], "!") || strings.HasPrefix(s[1:], "^")
	if negated {
		at = 2
	}
	var set strings.Builder
	for first := true; at < len(s); first = false {
		if class := posixClass.FindString(s[at:]); class != "" {
			set.WriteString(class)
			at += len(class)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		if r == ']' && !first { // a bracket in first place is a member
			b.WriteByte('[')
			if negated {
				b.WriteByte('^')
			}
			b.WriteString(set.String())
			b.WriteByte(']')
			return at + 1
		}
		if strings.ContainsRune(`[]\^&~`, r) {
			set.WriteByte('\\')
		}
		set.WriteRune(r)
		at += size
	}
	b.WriteString(`\[`)
	return 1
}

// posixClass is a class of characters within a set, which RE2 knows too.
var posixClass = regexp.MustCompile(`^\[:[a-z]+:\]`)
