package filereceiver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// TestBackPressure: while the pipeline holds a batch, reading stops soon.
func TestBackPressure(t *testing.T) {
	data := encodeTrace(t, generate(1, 30_000))
	synctest.Test(t, func(t *testing.T) {
		in := bytes.NewReader(data)
		hold, records := make(chan struct{}), int64(0)
		done := make(chan error)
		go func() {
			done <- newStream(100, 0).run(t.Context(), in, "trace", 0, func(b batch) error {
				<-hold
				records = b.end
				return nil
			})
		}()
		synctest.Wait() // until nothing moves any more
		assert.Positive(t, in.Len(), "the whole trace was read")
		assert.Less(t, in.Size()-int64(in.Len()), in.Size()/3)
		close(hold)
		require.NoError(t, <-done)
		assert.Equal(t, int64(30_000), records)
	})
}

// TestStreamCanBeUsedAgain: whatever ends a run, no chunk is lost to the next one.
func TestStreamCanBeUsedAgain(t *testing.T) {
	data := encodeTrace(t, generate(1, 5000))
	s := newStream(100, 0)
	errStop := errors.New("enough")
	for name, tt := range map[string]struct {
		in      io.Reader
		deliver func(cancel func()) error
		want    error
	}{
		"end":         {in: bytes.NewReader(data)},
		"deliver":     {in: bytes.NewReader(data), deliver: func(func()) error { return errStop }, want: errStop},
		"context":     {in: bytes.NewReader(data), deliver: func(c func()) error { c(); return nil }, want: context.Canceled},
		"truncated":   {in: bytes.NewReader(data[:len(data)-9]), want: avro.ErrTruncated},
		"no trace":    {in: bytes.NewReader([]byte("no trace at all")), want: avro.ErrNotContainer},
		"broken disk": {in: io.MultiReader(bytes.NewReader(data[:len(data)/2]), brokenReader{}), want: errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := s.run(ctx, tt.in, "trace", 0, func(batch) error {
				if tt.deliver == nil {
					return nil
				}
				return tt.deliver(cancel)
			})
			require.ErrorIs(t, err, tt.want)
			assert.Len(t, s.free, chunksInFlight)
		})
	}
}

var errBroken = errors.New("input/output error")

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }
