package engine

import (
	"regexp"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// textTests answers all tests of a text in a few passes, however many tests there are.
type textTests struct {
	multi      bool
	equals     map[string][]int32
	under      map[string][]int32
	prefixes   *prefixes
	suffixes   *prefixes
	substrings *substrings
	folded     *substrings
	patterns   []patternTest
}

type patternTest struct {
	re  *regexp.Regexp
	bit int32
}

// pattern is a text to find, and the bit of the test that wants it.
type pattern struct {
	text string
	bit  int32
}

func newTextTests(atoms []*expr.Atom, bits []int32) *textTests {
	t := &textTests{equals: make(map[string][]int32), under: make(map[string][]int32)}
	var prefix, suffix, substring, folded []pattern
	for i, a := range atoms {
		t.multi = a.Source.Multi
		bit := bits[i]
		switch a.Test.Kind {
		case expr.Equals:
			addTexts(t.equals, a.Test.Texts, bit)
		case expr.UnderPath:
			addTexts(t.under, a.Test.Texts, bit)
		case expr.HasPrefix:
			prefix = appendPatterns(prefix, a.Test.Texts, bit)
		case expr.HasSuffix:
			suffix = appendPatterns(suffix, a.Test.Texts, bit)
		case expr.HasSubstring:
			substring = appendPatterns(substring, a.Test.Texts, bit)
		case expr.HasSubstringFold:
			folded = appendPatterns(folded, a.Test.Texts, bit)
		case expr.Matches:
			t.patterns = append(t.patterns, patternTest{a.Test.Pattern, bit})
		}
	}
	t.prefixes, t.suffixes = newPrefixes(prefix, false), newPrefixes(suffix, true)
	t.substrings, t.folded = newSubstrings(substring, false), newSubstrings(folded, true)
	return t
}

func addTexts(m map[string][]int32, texts []string, bit int32) {
	for _, s := range texts {
		m[s] = append(m[s], bit)
	}
}

func appendPatterns(list []pattern, texts []string, bit int32) []pattern {
	for _, s := range texts {
		list = append(list, pattern{s, bit})
	}
	return list
}

// test implements tester.
func (t *textTests) test(_ *field.Record, v *field.Value, bits []uint64) {
	if !t.multi {
		t.one(v.Str, bits)
		return
	}
	for _, s := range v.Strs {
		t.one(s, bits)
	}
}

func (t *textTests) one(s string, bits []uint64) {
	setAll(bits, t.equals[s])
	if len(t.under) > 0 {
		t.testPath(s, bits)
	}
	if t.prefixes != nil {
		t.prefixes.find(s, bits)
	}
	if t.suffixes != nil {
		t.suffixes.find(s, bits)
	}
	if t.substrings != nil {
		t.substrings.find(s, bits)
	}
	if t.folded != nil {
		t.folded.find(s, bits)
	}
	for _, p := range t.patterns {
		if !has(bits, p.bit) && p.re.MatchString(s) {
			set(bits, p.bit)
		}
	}
}

func setAll(bits []uint64, list []int32) {
	for _, b := range list {
		set(bits, b)
	}
}

// testPath looks up a path and every folder above it.
func (t *textTests) testPath(path string, bits []uint64) {
	path = expr.JoinComponents(strings.TrimPrefix(path, "/")) // rarely more to do than to cut
	setAll(bits, t.under[""])
	for i := range len(path) {
		if path[i] == '/' {
			setAll(bits, t.under[path[:i]])
		}
	}
	if path != "" {
		setAll(bits, t.under[path])
	}
}
