package sysflowavroexporter

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExpand(t *testing.T) {
	opened := time.Unix(1_700_000_000, 999)
	tests := map[string]struct {
		template string
		node     nodeKey
		attempt  int
		want     string
	}{
		"default":          {defaultFilename, nodeKey{exporter: "web-1"}, 0, "web-1.1700000000.sf"},
		"taken":            {defaultFilename, nodeKey{exporter: "web-1"}, 2, "web-1.1700000000_002.sf"},
		"upstream":         {"{epoch}", nodeKey{}, 0, "1700000000"},
		"upstream, prefix": {"trace.{epoch}", nodeKey{}, 1, "trace.1700000000_001"},
		"ip":               {"{ip}-{epoch}", nodeKey{ip: "2001:db8::1"}, 0, "2001:db8::1-1700000000"},
		"unknown":          {defaultFilename, nodeKey{}, 0, "unknown.1700000000.sf"},
		"escape":           {defaultFilename, nodeKey{exporter: "../../etc/x"}, 0, "_._.._etc_x.1700000000.sf"},
		"hidden":           {defaultFilename, nodeKey{exporter: ".web"}, 0, "_web.1700000000.sf"},
		"control":          {defaultFilename, nodeKey{exporter: "a\nb\x00"}, 0, "a_b_.1700000000.sf"},
		"token in a name":  {"{exporter}{epoch}", nodeKey{exporter: "{epoch}"}, 0, "{epoch}1700000000"},
		"long":             {"{exporter}{epoch}", nodeKey{exporter: strings.Repeat("ü", 99)}, 0, strings.Repeat("ü", 50) + "1700000000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			n, err := newNaming(tt.template)
			require.NoError(t, err)
			got := n.expand(tt.node, opened, tt.attempt)
			assert.Equal(t, tt.want, got)
			assert.True(t, n.matches(got))
		})
	}
}

func TestMatches(t *testing.T) {
	n, err := newNaming(defaultFilename)
	require.NoError(t, err)
	for _, name := range []string{"a.1.sf.tmp", "a.sf", ".1.sf", "a.1.sfx", "a.1_.sf", "a.x.sf", "1.sf"} {
		assert.False(t, n.matches(name), name)
	}
	assert.True(t, n.matches("a.b.c.1700000000_011.sf"))
}

func TestTemplateErrors(t *testing.T) {
	tests := map[string]string{
		"":                                    "must contain {epoch}",
		"trace.sf":                            "must contain {epoch}",
		"a/{epoch}":                           "must not contain a path",
		`a\{epoch}`:                           "must not contain a path",
		"{epoch}.tmp":                         "must not end in .tmp",
		"{host}.{epoch}":                      `got "{host}"`,
		"{exporter.{epoch}":                   `got "{"`,
		"{epoch}}":                            `got "}"`,
		"a\x00{epoch}":                        "printable",
		strings.Repeat("x", 200) + tokenEpoch: "at most 100",
	}
	for template, want := range tests {
		_, err := newNaming(template)
		assert.ErrorContains(t, err, want, template)
	}
}

// FuzzNaming checks that names from records never leave the directory, are never
// hidden behind the temporary suffix, and are known again.
func FuzzNaming(f *testing.F) {
	f.Add(defaultFilename, "web-1", "192.0.2.1", int64(1_700_000_000), 0)
	f.Add("trace.{epoch}", "", "", int64(0), 1)
	f.Add("{ip}{exporter}{epoch}{epoch}", "../x", "\xff{epoch}", int64(1), 12)
	f.Fuzz(func(t *testing.T, template, exporter, ip string, epoch int64, attempt int) {
		n, err := newNaming(template)
		if err != nil {
			return
		}
		name := n.expand(nodeKey{exporter: exporter, ip: ip}, time.Unix(max(epoch, 0), 0), attempt)
		assert.Equal(t, name, filepath.Base(name))
		assert.NotContains(t, name, "\x00")
		assert.False(t, strings.HasSuffix(name, tmpSuffix))
		assert.True(t, n.matches(name), name)
	})
}
