package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPathOf(t *testing.T) {
	for _, tt := range []struct{ components, want string }{
		{"", "/"},
		{"etc\x00", "/etc"},
		{"passwd\x00etc\x00", "/etc/passwd"},
		{"b c\x00.\x00a\x00", "/a/./b c"},
		{"cut", "/cu"}, // the last byte is a NUL by contract; whatever it is, it does not matter
	} {
		assert.Equal(t, tt.want, pathOf([]byte(tt.components)), "%q", tt.components)
	}
}

func TestNameOf(t *testing.T) {
	for _, tt := range []struct {
		base     string
		baseOpen bool
		name     string
		want     string
	}{
		{"ignored\x00", true, "/etc//x/../y", "/etc/y"},
		{"home\x00", true, "a/b", "/home/a/b"},
		{"", true, "a", "/a"},
		{"home\x00", true, "../a", "/a"},
		{"home\x00", true, "", "/home"},
		{"", false, "./absent", "absent"},
		{"", false, "", ""},
	} {
		assert.Equal(t, tt.want, nameOf([]byte(tt.base), tt.baseOpen, tt.name), "%q %q", tt.base, tt.name)
	}
}

func TestLinkTarget(t *testing.T) {
	for _, tt := range []struct{ link, target, want string }{
		{"/home/a/link", "file", "/home/a/file"},
		{"/home/a/link", "../b/file", "/home/b/file"},
		{"/home/a/link", "/etc/passwd", "/etc/passwd"},
		{"/home/a/link", "", ""},
	} {
		assert.Equal(t, tt.want, linkTarget(tt.link, tt.target), "%q -> %q", tt.link, tt.target)
	}
}
