package print

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestParseTime(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		in   string
		want time.Time
	}{
		{"2026-03-01T11:30:00Z", now.Add(-30 * time.Minute)},
		{"2026-03-01T13:00:00.5+01:00", now.Add(500 * time.Millisecond)},
		{"2026-03-01T12:00:00", now},
		{"2026-03-01 12:00:00", now},
		{"2026-03-01T12:00", now},
		{"2026-03-01 12:00", now},
		{"2026-03-01", now.Add(-12 * time.Hour)},
		{"1772366400", now},
		{"1772366400000", now},
		{"1772366400000000", now},
		{"1772366400000000001", now.Add(1)},
		{"9000000000", time.Unix(9_000_000_000, 0)},
		{"9223372036854775807", time.Unix(0, 1<<63-1)},
		{"15m", now.Add(-15 * time.Minute)},
		{"0", time.Unix(0, 0)},
	} {
		got, err := parseTime(tc.in, now)
		require.NoError(t, err, tc.in)
		assert.Equal(t, tc.want.UnixNano(), got, tc.in)
	}
	for _, in := range []string{"teatime", "2026-13-01", "12:00", "15 m", "-5"} {
		_, err := parseTime(in, now)
		assert.ErrorContains(t, err, "is no time", in)
	}
}

func TestKeep(t *testing.T) {
	f, err := newFilter(&options{types: []string{"ff", " PE"}, since: "10", until: "20"}, time.Time{})
	require.NoError(t, err)
	flow := func(begin, end int64) sysflow.Record {
		return &sysflow.FileFlow{TS: begin * 1e9, EndTS: end * 1e9}
	}
	for _, tc := range []struct {
		name string
		rec  sysflow.Record
		want bool
	}{
		{"other type", &sysflow.FileEvent{TS: 15e9}, false},
		{"event within", &sysflow.ProcessEvent{TS: 15e9}, true},
		{"event at the start", &sysflow.ProcessEvent{TS: 10e9}, true},
		{"event at the end", &sysflow.ProcessEvent{TS: 20e9}, false},
		{"flow before", flow(1, 9), false},
		{"flow into", flow(1, 11), true},
		{"flow around", flow(1, 30), true},
		{"flow out of", flow(19, 30), true},
		{"flow after", flow(20, 30), false},
		{"flow without an end", flow(15, 0), true},
	} {
		var table sysflow.Table
		var row fields.Row
		row.Set(&table, tc.rec)
		assert.Equal(t, tc.want, f.keep(&row), tc.name)
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2026-03-01T12:00:00+01:00")
	f.Add("1772366400")
	f.Add("15m")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := parseTime(s, time.Unix(0, 0)); err != nil {
			assert.ErrorContains(t, err, "is no time")
		}
	})
}
