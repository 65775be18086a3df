package text

import (
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestAppendPrintable(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"/etc/passwd", "/etc/passwd"},
		{`a\b`, `a\b`},
		{"/tmp/größe 文", "/tmp/größe 文"},
		{"a\nb\tc\rd", `a\nb\tc\rd`},
		{"\x1b[31mred", `\x1b[31mred`},
		{"x\x7fy\x00", `x\x7fy\x00`},
		{"bad \xff\xfe utf8", `bad \xff\xfe utf8`},
		{"\u202egnp.exe", `\u202egnp.exe`},
		{"c1 \u009b31m", `c1 \u009b31m`},
		{"tag \U000e0001", `tag \U000e0001`},
		{"�", "�"},
	} {
		assert.Equal(t, tc.want, string(AppendPrintable([]byte(nil), tc.in)), "%q", tc.in)
		assert.Equal(t, tc.want, string(AppendPrintable([]byte(nil), []byte(tc.in))), "%q", tc.in)
	}
}

func FuzzAppendPrintable(f *testing.F) {
	f.Add("plain")
	f.Add("\x1b]0;title\x07")
	f.Add("\xff\u202e\U000e0001")
	f.Fuzz(func(t *testing.T, s string) {
		out := string(AppendPrintable(nil, s))
		for _, r := range out {
			if r == utf8.RuneError {
				continue // as it came
			}
			assert.True(t, strconv.IsPrint(r), "%q keeps %q", out, r)
		}
		assert.True(t, utf8.ValidString(out))
	})
}
