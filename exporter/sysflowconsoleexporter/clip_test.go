package sysflowconsoleexporter

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClip(t *testing.T) {
	for _, tc := range []struct {
		line  string
		width int
		want  string
	}{
		{"short\n", 80, "short\n"},
		{"12345\n", 5, "12345\n"},
		{"123456\n", 5, "12345\n"},
		{"123456", 5, "12345"},
		{"äöüßx\n", 4, "äöüß\n"},
		{"\x1b[2m12\x1b[0m  \x1b[32mFF\x1b[0m\n", 6, "\x1b[2m12\x1b[0m  \x1b[32mFF\x1b[0m\n"},
		{"\x1b[2m12\x1b[0m  \x1b[32mFF\x1b[0m\n", 5, "\x1b[2m12\x1b[0m  \x1b[32mF\x1b[0m\n"},
		{"\x1b[2m12\x1b[0m  \x1b[32mFF\x1b[0m\n", 1, "\x1b[2m1\x1b[0m\x1b[32m\x1b[0m\n"},
	} {
		assert.Equal(t, tc.want, string(clip([]byte(tc.line), tc.width)), "%q to %d", tc.line, tc.width)
	}
}
