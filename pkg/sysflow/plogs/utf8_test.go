package plogs

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// TestTextsAreUTF8: OTLP allows nothing else in keys and texts, and other readers refuse
// the whole batch.
func TestTextsAreUTF8(t *testing.T) {
	for name, recs := range edges() {
		t.Run(name, func(t *testing.T) {
			e := NewEncoder(EncoderOptions{})
			for _, rec := range recs {
				e.Add(rec)
			}
			for _, rl := range e.Take().ResourceLogs().All() {
				checkUTF8(t, rl.Resource().Attributes())
				for _, sl := range rl.ScopeLogs().All() {
					for _, lr := range sl.LogRecords().All() {
						checkUTF8(t, lr.Attributes())
					}
				}
			}
		})
	}
}

func checkUTF8(t *testing.T, m pcommon.Map) {
	t.Helper()
	for k, v := range m.All() {
		assert.True(t, utf8.ValidString(k), "key %q", k)
		checkValueUTF8(t, k, v)
	}
}

func checkValueUTF8(t *testing.T, key string, v pcommon.Value) {
	t.Helper()
	switch v.Type() {
	case pcommon.ValueTypeStr:
		assert.True(t, utf8.ValidString(v.Str()), "%s: %q", key, v.Str())
	case pcommon.ValueTypeMap:
		checkUTF8(t, v.Map())
	case pcommon.ValueTypeSlice:
		for _, e := range v.Slice().All() {
			checkValueUTF8(t, key, e)
		}
	}
}
