package filereceiver

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestPacer(t *testing.T) {
	const start = 1_700_000_000_000_000_000
	second := int64(time.Second)
	flow := func(end int64) sysflow.Record { return &sysflow.FileFlow{TS: start, EndTS: start + end} }
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(2)
		assert.Zero(t, p.wait(&sysflow.Process{TS: 5}), "entities do not wait and do not start the clock")
		assert.Zero(t, p.wait(flow(0)))
		assert.Zero(t, p.wait(flow(second/10)), "records of about the same time travel together")
		assert.Equal(t, 5*time.Second, p.wait(flow(10*second)))
		assert.True(t, sleep(t.Context(), 5*time.Second))
		assert.Zero(t, p.wait(flow(10*second)))
		assert.Equal(t, time.Second, p.wait(&sysflow.ProcessEvent{TS: start + 12*second}))
		assert.Zero(t, p.wait(&sysflow.ProcessEvent{TS: start}), "what is late goes at once")
		assert.Zero(t, p.wait(&sysflow.ProcessEvent{TS: math.MinInt64 / 2}))
		assert.Positive(t, p.wait(&sysflow.ProcessEvent{TS: math.MaxInt64}))

		assert.Zero(t, newPacer(0).wait(flow(10*second)))
	})
}

func TestWrittenAt(t *testing.T) {
	for kind := range sysflow.Kind(sysflow.NumKinds) {
		rec := map[sysflow.Kind]sysflow.Record{
			sysflow.KindHeader:       &sysflow.Header{},
			sysflow.KindContainer:    &sysflow.Container{},
			sysflow.KindProcess:      &sysflow.Process{TS: 7},
			sysflow.KindFile:         &sysflow.File{TS: 7},
			sysflow.KindPod:          &sysflow.Pod{TS: 7},
			sysflow.KindProcessEvent: &sysflow.ProcessEvent{TS: 7},
			sysflow.KindNetworkFlow:  &sysflow.NetworkFlow{TS: 1, EndTS: 7},
			sysflow.KindFileFlow:     &sysflow.FileFlow{TS: 1, EndTS: 7},
			sysflow.KindFileEvent:    &sysflow.FileEvent{TS: 7},
			sysflow.KindNetworkEvent: &sysflow.NetworkEvent{TS: 7},
			sysflow.KindProcessFlow:  &sysflow.ProcessFlow{TS: 1, EndTS: 7},
			sysflow.KindK8sEvent:     &sysflow.K8sEvent{TS: 7},
			sysflow.KindGap:          &sysflow.Gap{TS: 1, EndTS: 7},
		}[kind]
		want := int64(7)
		if kind.IsEntity() {
			want = 0
		}
		assert.Equal(t, want, writtenAt(rec), kind)
	}
}

func TestSleepIsCutShort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.False(t, sleep(ctx, time.Hour))
}
