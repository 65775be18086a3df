package fields

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestClock compares with what Python's
// datetime.utcfromtimestamp(ts / 1e9).isoformat() prints.
func TestClock(t *testing.T) {
	var c isoClock
	for _, tc := range []struct {
		ts   int64
		want string
	}{
		{0, "1970-01-01T00:00:00"},
		{1, "1970-01-01T00:00:00"},
		{1500, "1970-01-01T00:00:00.000002"},
		{999_999_499, "1970-01-01T00:00:00.999999"},
		{999_999_500, "1970-01-01T00:00:01"},
		{1588262421405659008, "2020-04-30T16:00:21.405659"},
		{1700000000000000000, "2023-11-14T22:13:20"},
		{1700000000999999999, "2023-11-14T22:13:21"},
		{1544763289015317695, "2018-12-14T04:54:49.015318"},
		{1772366400123456789, "2026-03-01T12:00:00.123457"},
		{-1, "1970-01-01T00:00:00"},
		{-1500, "1969-12-31T23:59:59.999998"},
		{-999_999_999, "1969-12-31T23:59:59"},
	} {
		assert.Equal(t, tc.want, string(c.append(nil, tc.ts)), "%d", tc.ts)
	}
}
