package sysflowpolicyprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

func TestHandover(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	soon, late := now.Add(restartTime), now.Add(restartTime+1)
	files := []rules.File{{Name: "a.yaml"}}
	tests := map[string]struct {
		before func(*handover)
		at     time.Time
		ok     bool
	}{
		"nothing":             {func(*handover) {}, now, false},
		"in force":            {func(h *handover) { h.keep("a", files, now) }, late, true},
		"just ended":          {func(h *handover) { h.keep("a", files, now); h.end("a", now) }, soon, true},
		"ended long ago":      {func(h *handover) { h.keep("a", files, now); h.end("a", now) }, late, false},
		"in force again":      {func(h *handover) { h.keep("a", files, now); h.end("a", now); h.keep("a", files, soon) }, late, true},
		"another's":           {func(h *handover) { h.keep("b", files, now) }, now, false},
		"ended without rules": {func(h *handover) { h.end("a", now) }, now, false},
		"taken":               {func(h *handover) { h.keep("a", files, now); h.take("a", now) }, now, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var h handover
			tt.before(&h)
			got, ok := h.take("a", tt.at)
			assert.Equal(t, tt.ok, ok)
			if tt.ok {
				assert.Equal(t, files, got)
			}
		})
	}
}

// Components that the configuration has no more leave nothing behind.
func TestHandoverIsBounded(t *testing.T) {
	var h handover
	now := time.Unix(1_700_000_000, 0)
	for i := range 100 {
		key := handoverKey(component.MustNewIDWithName("sysflow_policy", string(rune('a'+i))), nil)
		h.keep(key, nil, now)
		h.end(key, now)
		now = now.Add(restartTime)
	}
	assert.Len(t, h.entries, 2)
}
