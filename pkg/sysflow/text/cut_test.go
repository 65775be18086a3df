package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		s          string
		width      int
		head, tail string
	}{
		{"", 4, "", ""},
		{"abcd", 4, "abcd", "abcd"},
		{"abcde", 4, "ab..", "..de"},
		{"äöüßx", 4, "äö..", "..ßx"},
		{"äöüß", 4, "äöüß", "äöüß"},
		{"abc", 2, "..", ".."},
		{"a\xff\xfebc", 4, "a\xff..", "..bc"},
	} {
		assert.Equal(t, "> "+tt.head, string(AppendHead([]byte("> "), []byte(tt.s), tt.width)), "%q", tt.s)
		assert.Equal(t, "> "+tt.tail, string(AppendTail([]byte("> "), []byte(tt.s), tt.width)), "%q", tt.s)
		head, tail := []byte(tt.s), []byte(tt.s)
		assert.Equal(t, tt.head, string(AppendHead(head[:0], head, tt.width)), "%q in place", tt.s)
		assert.Equal(t, tt.tail, string(AppendTail(tail[:0], tail, tt.width)), "%q in place", tt.s)
	}
}
