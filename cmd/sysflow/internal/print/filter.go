package print

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// filter chooses rows by type and time.
type filter struct {
	kinds        [sysflow.NumKinds]bool
	since, until int64
}

func newFilter(o *options, now time.Time) (*filter, error) {
	f := &filter{since: math.MinInt64, until: math.MaxInt64}
	for k := range f.kinds {
		f.kinds[k] = len(o.types) == 0
	}
	for _, name := range o.types {
		kind, ok := sysflow.ParseKind(strings.ToUpper(strings.TrimSpace(name)))
		if !ok || kind.IsEntity() {
			return nil, fmt.Errorf("--type: unknown type %q; types are PE, FE, NE, PF, FF, NF, KE, GAP", name)
		}
		f.kinds[kind] = true
	}
	for _, bound := range []struct {
		flag, value string
		to          *int64
	}{{"--since", o.since, &f.since}, {"--until", o.until, &f.until}} {
		if bound.value == "" {
			continue
		}
		ns, err := parseTime(bound.value, now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", bound.flag, err)
		}
		*bound.to = ns
	}
	if o.limit < 0 {
		return nil, fmt.Errorf("--limit: %d is below 0", o.limit)
	}
	if f.since >= f.until {
		return nil, fmt.Errorf("--since %s is not before --until %s", o.since, o.until)
	}
	return f, nil
}

// keep reports whether the row is wanted. A flow is, when any part of it is.
func (f *filter) keep(r *fields.Row) bool {
	if !f.kinds[r.Kind()] {
		return false
	}
	begin, end := r.Span()
	return end >= f.since && begin < f.until
}

// parseTime reads a point in time and returns it in nanoseconds since the epoch.
func parseTime(s string, now time.Time) (int64, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 {
		return epoch(n), nil
	}
	if d, err := time.ParseDuration(s); err == nil {
		return now.Add(-d).UnixNano(), nil
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00",
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
	} {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t.UnixNano(), nil
		}
	}
	return 0, fmt.Errorf("%q is no time; write 2026-03-01T12:00:00 (UTC) or with a zone, seconds or nanoseconds since the epoch, or 15m (ago)", s)
}

// epoch takes numbers up to 9*10^9 for seconds (that is the year 2255, about the last
// that fits nanoseconds), larger ones for milliseconds, microseconds or nanoseconds.
func epoch(n int64) int64 {
	const largestSecond = 9_000_000_000
	unit := int64(time.Second)
	for limit := int64(largestSecond); n > limit && unit > 1; limit *= 1000 {
		unit /= 1000
	}
	return n * unit
}
