package avro_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// TestGap: both versions carry gaps, in the form that the documentation gives.
func TestGap(t *testing.T) {
	gap := &sysflow.Gap{TS: 10, EndTS: 30, Cause: "ring_buffer_full", Count: 123}
	assert.JSONEq(t, `{"sysflow.gap":{"cause":"ring_buffer_full","count":123,"end":30}}`, gapEvent(gap).Message)
	recs := []sysflow.Record{gap, &sysflow.Gap{}, &sysflow.Gap{TS: -1, EndTS: 1<<63 - 1, Cause: "<\"\n\u2028>", Count: -1 << 63}}
	for _, v := range versions {
		got, err := read(bytes.NewReader(write(t, avro.WriterOptions{Version: v.number}, recs)))
		require.NoError(t, err)
		assert.Equal(t, recs, got)
		got, err = read(bytes.NewReader(write(t, avro.WriterOptions{Version: v.number}, []sysflow.Record{gapEvent(gap)})))
		require.NoError(t, err)
		assert.Equal(t, recs[:1], got)
		got, err = read(bytes.NewReader(write(t, avro.WriterOptions{Version: v.number}, []sysflow.Record{&sysflow.Gap{Cause: "\xff"}})))
		require.NoError(t, err)
		assert.Equal(t, []sysflow.Record{&sysflow.Gap{Cause: "\uFFFD"}}, got)
	}
}

// TestOnlyOurGapsAreTurnedBack: Kubernetes events that merely look alike stay.
func TestOnlyOurGapsAreTurnedBack(t *testing.T) {
	message := gapEvent(&sysflow.Gap{Cause: "c", Count: 1, EndTS: 2}).Message
	var recs []sysflow.Record
	for _, m := range []string{
		"", "{}", message + " ", message[:len(message)-1], `{"sysflow.gap":{}}`, `{"sysflow.gap":{"count":1,"cause":"c","end":2}}`,
		`{"sysflow.gap":{"cause":"c","count":1,"end":2,"more":3}}`, `{"sysflow.gap":{"cause":"c","count":1.0,"end":2}}`,
	} {
		recs = append(recs, &sysflow.K8sEvent{ComponentKind: sysflow.K8sUnknown, Action: sysflow.K8sComponentError, Message: m})
	}
	recs = append(recs,
		&sysflow.K8sEvent{ComponentKind: sysflow.K8sPods, Action: sysflow.K8sComponentError, Message: message},
		&sysflow.K8sEvent{ComponentKind: sysflow.K8sUnknown, Action: sysflow.K8sComponentAdded, Message: message},
	)
	got, err := read(bytes.NewReader(write(t, avro.WriterOptions{}, recs)))
	require.NoError(t, err)
	require.Equal(t, recs, got)
}
