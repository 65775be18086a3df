package jsontext

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAppendString(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", `""`},
		{"/usr/bin/true", `"/usr/bin/true"`},
		{`say "hi" \o/`, `"say \"hi\" \\o/"`},
		{"a\nb\rc\td\x00e\x1bf\x7f", `"a\nb\rc\td\u0000e\u001bf\u007f"`},
		{"größe 文 😀", `"größe 文 😀"`},
		{"bad\xffbyte", `"bad` + "\ufffd" + `byte"`},
		{"cut \xe6\x96", `"cut ` + "\ufffd\ufffd" + `"`},
		{"<a&b>", `"<a&b>"`},
	} {
		assert.Equal(t, tc.want, string(AppendString([]byte(nil), tc.in)))
		assert.Equal(t, tc.want, string(AppendString([]byte(nil), []byte(tc.in))))
	}
}

func FuzzAppendString(f *testing.F) {
	f.Add("plain")
	f.Add("\"\\\n\xff\u2028😀")
	f.Fuzz(func(t *testing.T, s string) {
		reference, err := json.Marshal(s)
		require.NoError(t, err)
		var got, want string
		require.NoError(t, json.Unmarshal(reference, &want))
		require.NoError(t, json.Unmarshal(AppendString(nil, s), &got))
		assert.Equal(t, want, got)
	})
}

func BenchmarkAppendString(b *testing.B) {
	s := "/usr/bin/containerd-shim -namespace moby -workdir /var/lib/containerd/io.containerd.runtime.v1.linux/moby"
	dst := make([]byte, 0, 256)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendString(dst[:0], s)
	}
}
