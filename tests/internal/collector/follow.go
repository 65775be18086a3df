package collector

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// followTimeout bounds the wait for a record.
const followTimeout = 30 * time.Second

// Follower reads a growing file of OTLP JSON lines.
type Follower struct {
	path    string
	offset  int64
	decoder *plogs.Decoder
	// ready holds observations that nobody has asked for yet.
	ready []plogs.Observation
}

// Follow reads what the file exporter writes to path.
func Follow(path string) *Follower {
	return &Follower{path: path, decoder: plogs.NewDecoder()}
}

// Next returns the next observation that is wanted, and passes over those that are not.
func (f *Follower) Next(t testing.TB, what string, wanted func(plogs.Observation) bool) plogs.Observation {
	t.Helper()
	for deadline := time.Now().Add(followTimeout); time.Now().Before(deadline); time.Sleep(pollInterval) {
		f.read(t)
		for i, o := range f.ready {
			if wanted(o) {
				f.ready = f.ready[i+1:]
				return o
			}
		}
		f.ready = nil
	}
	t.Fatalf("%s was not exported within %v", what, followTimeout)
	return plogs.Observation{}
}

// read takes the whole lines that have been added.
func (f *Follower) read(t testing.TB) {
	t.Helper()
	data, err := os.ReadFile(f.path)
	if err != nil || int64(len(data)) <= f.offset {
		return
	}
	data = data[f.offset:]
	end := bytes.LastIndexByte(data, '\n') + 1
	for line := range bytes.Lines(data[:end]) {
		ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
		require.NoError(t, err)
		err = f.decoder.Decode(ld, func(o *plogs.Observation) error {
			f.ready = append(f.ready, keep(o))
			return nil
		})
		require.NoError(t, err)
	}
	f.offset += int64(end)
}

// keep copies what the decoder will use again.
func keep(o *plogs.Observation) plogs.Observation {
	c := *o
	if o.Alert != nil {
		a := *o.Alert
		c.Alert = &a
	}
	c.Event = sysflow.Clone(o.Event)
	return c
}
