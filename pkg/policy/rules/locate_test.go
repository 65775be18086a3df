package rules

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// Every word of a value must be found in the file where it stands.
func TestLocator(t *testing.T) {
	tests := []struct{ name, text string }{
		{"plain", "k: ab cd ef\n"},
		{"plain over lines", "k: ab\n  cd  ef\n\n  gh\n"},
		{"plain without an end", "k: ab\n   cd"},
		{"in flow", "{k: ab\n cd, x: y}"},
		{"folded", "k: >\n  ab cd\n  ef\n\n   gh\n  ij\n\n"},
		{"folded and stripped", "k: >-  # why\n\n    ab\n    cd\n"},
		{"literal", "k: |\n  ab\n    cd\n  ef\n"},
		{"literal with indentation", "k: |2+\n    ab\n  cd\n\n"},
		{"single quotes", "k: 'ab ''cd'' ef'\n"},
		{"single quotes over lines", "k: ' ab\n   cd\n\n  ef ''x'' gh'\n"},
		{"double quotes", `k: "ab \"cd\" ef \\ \x41b \u00e9c \U0001F600d \t e\n f"` + "\n"},
		{"double quotes over lines", "k: \"ab\n   cd \\\n  ef \\\n  \\ gh\n\n  ij\"\n"},
		{"anchor and tag", "k: &x !!str ab cd\n"},
		{"characters of several bytes", "k: {ä: ü, z: \"é ab\"}\nö: 'é\n  ßc ab'\n"},
		{"line ends of Windows", "k: >\r\n  ab\r\n  cd\r\n  ef\r\nx: 'a\r\n  b'\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, err := decode([]byte(tt.text))
			require.NoError(t, err)
			s := &source{name: "f"}
			s.setText([]byte(tt.text), nil)
			found := 0
			scalars(docs[0], func(n *yaml.Node) {
				at := s.locator(n)
				for offset, word := range words(n.Value) {
					p := at(offset)
					line := strings.Split(tt.text, "\n")[p.Line-1]
					assert.Contains(t, []string{word, `\`}, firstOf(line[p.Column-1:], len(word)), "%q of %q at %s", word, n.Value, p)
					found++
				}
				end := strings.TrimRight(n.Value, " \n")
				last := at(len(n.Value))
				assert.Equal(t, at(len(end)), last, "what is missing at the end is missing behind the last word")
			})
			assert.Positive(t, found)
		})
	}
}

func scalars(n *yaml.Node, use func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode {
		use(n)
	}
	for _, c := range n.Content {
		scalars(c, use)
	}
}

// words yields the words of a text with their offsets.
func words(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for at := 0; at < len(text); {
			size := strings.IndexAny(text[at:]+" ", " \t\n'\"\\")
			if size > 0 && !yield(at, text[at:at+size]) {
				return
			}
			at += size + 1
		}
	}
}

// firstOf returns the beginning of a line, of an escape just the backslash.
func firstOf(line string, size int) string {
	if strings.HasPrefix(line, `\`) {
		return `\`
	}
	return line[:min(size, len(line))]
}

func TestPositions(t *testing.T) {
	set, _ := loaded(t, "# é\n- rule: R\n  desc: é\n  output: >\n    text\n     %proc.name\n  condition: >\n    sf.x = \"é\" and\n"+
		"       proc.name in (a,\n\n      b)\n  exceptions: [{name: e, fields: [c.d], values: [[\"v w\"]]}]\n")
	r := set.Rules[0]
	assert.Equal(t, "a.yaml:2:3", r.Pos.String())
	var got []string
	checks(t, r.Condition, placedAt(&got))
	assert.Equal(t, []string{"8:5", "8:10", "8:12", "9:8", "9:18", "9:22", "11:7", "12:35", "12:35", "12:51"}, got)
	assert.Equal(t, "6:7", lineColumn(r.Output.Parts[1].Operand.Pos()))
}

// The parser does not say where a character is that it does not take, so they are known here.
func TestCharactersOfYAML(t *testing.T) {
	for r := rune(0); r <= 0x11000; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		_, err := decode([]byte("x: \"" + string(r) + "\""))
		refused := err != nil && strings.Contains(err.Error(), "control characters are not allowed")
		at, _ := badCharacter([]byte("x: \"" + string(r)))
		require.Equal(t, refused, at == 4, "%U", r)
	}
	at, r := badCharacter([]byte("ä\xff"))
	assert.Equal(t, 2, at)
	assert.Equal(t, utf8.RuneError, r)
	at, _ = badCharacter([]byte("\ufffd is a character"))
	assert.Equal(t, -1, at)
}
