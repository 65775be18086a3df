package plogs

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// logsOf returns a batch of one record of the given type.
func logsOf(kind string) (plog.Logs, pcommon.Map, pcommon.Map) {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetTimestamp(5)
	lr.Attributes().PutStr(KeyType, kind)
	return ld, rl.Resource().Attributes(), lr.Attributes()
}

func decode(t *testing.T, d *Decoder, ld plog.Logs) []Observation {
	var out []Observation
	require.NoError(t, d.Decode(ld, func(o *Observation) error {
		out = append(out, *o)
		return nil
	}))
	return out
}

func TestDecodeSkipsForeignLogs(t *testing.T) {
	ld, _, _ := logsOf("PE")
	records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	records.AppendEmpty().Body().SetStr("an access log")
	records.AppendEmpty().Attributes().PutStr(KeyType, "XX")
	records.AppendEmpty().Attributes().PutInt(KeyType, 4)
	d := NewDecoder()
	assert.Len(t, decode(t, d, ld), 1)
	assert.Equal(t, int64(3), d.Skipped())
	assert.Zero(t, d.Ignored())
}

func TestDecodeOfBareRecords(t *testing.T) {
	foid := sysflow.NewFOID("", "/etc/passwd")
	tests := map[string]struct {
		kind string
		set  func(res, rec pcommon.Map)
		want Observation
	}{
		"file flow": {"FF", func(_, _ pcommon.Map) {}, Observation{
			Event: &sysflow.FileFlow{TS: 5, FD: -1},
		}},
		"network flow": {"NF", func(_, rec pcommon.Map) { rec.PutStr(KeyTransport, "udp") }, Observation{
			Event: &sysflow.NetworkFlow{TS: 5, FD: -1, Proto: sysflow.ProtoUDP},
		}},
		"Kubernetes event": {"KE", func(_, _ pcommon.Map) {}, Observation{
			Event: &sysflow.K8sEvent{TS: 5, ComponentKind: sysflow.K8sUnknown, Action: sysflow.K8sComponentUnknown},
		}},
		"file by path alone": {"FF", func(_, rec pcommon.Map) { rec.PutStr(KeyFilePath, "/etc/passwd") }, Observation{
			File:  &sysflow.File{State: sysflow.StateReup, OID: foid, TS: 5, Type: sysflow.FileUnknown, Path: "/etc/passwd"},
			Event: &sysflow.FileFlow{TS: 5, FD: -1, FileOID: foid},
		}},
		"file by id alone": {"FF", func(_, rec pcommon.Map) { rec.PutStr(KeyFileOID, foid.String()) }, Observation{
			Event: &sysflow.FileFlow{TS: 5, FD: -1, FileOID: foid},
		}},
		"process by pid alone": {"PE", func(res, _ pcommon.Map) { res.PutInt(KeyPID, 9) }, Observation{
			Event: &sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: 9}, TS: 5},
		}},
		"standard attributes alone": {"PE", func(res, _ pcommon.Map) {
			res.PutInt(KeyPID, 9)
			res.PutStr(KeyExecutablePath, "/bin/sh")
			res.PutStr(KeyCommandLine, "sh -c true") // as other agents write it
			res.PutStr(KeyContainerID, "c")
			res.PutStr(KeyPodUID, "p")
			res.PutStr(KeyPodName, "web-0")
		}, Observation{
			Process: &sysflow.Process{
				State: sysflow.StateReup, OID: sysflow.OID{HPID: 9}, Exe: "/bin/sh", ExeArgs: "-c true",
				UID: sysflow.UnknownID, GID: sysflow.UnknownID, ContainerID: "c",
			},
			Pod:   &sysflow.Pod{ID: "p", Name: "web-0"},
			Event: &sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: 9}, TS: 5},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ld, res, rec := logsOf(tt.kind)
			tt.set(res, rec)
			assert.Equal(t, []Observation{tt.want}, decode(t, NewDecoder(), ld))
		})
	}
}

// Whatever the value of an attribute, there is an observation, and what cannot be
// right counts as unknown.
func TestDecodeIgnoresWrongTypes(t *testing.T) {
	values := map[string]func(pcommon.Value){
		"empty":  func(pcommon.Value) {},
		"text":   func(v pcommon.Value) { v.SetStr("no number, no enum, no address") },
		"int":    func(v pcommon.Value) { v.SetInt(1 << 50) },
		"double": func(v pcommon.Value) { v.SetDouble(1) },
		"bytes":  func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte{0xff}) },
		"map":    func(v pcommon.Value) { v.SetEmptyMap().PutInt("k", 1) },
		"list":   func(v pcommon.Value) { v.SetEmptySlice().AppendEmpty().SetBool(true) },
		"maps":   func(v pcommon.Value) { v.SetEmptySlice().AppendEmpty().SetEmptyMap().PutInt("ports", 1) },
	}
	for _, kind := range []string{"PE", "PF", "FE", "FF", "NE", "NF", "KE", "P", "F", "C", "POD", "H"} {
		for name, set := range values {
			d := NewDecoder()
			ld, res, rec := logsOf(kind)
			for _, a := range Attributes() {
				if a.Key == KeyType {
					continue
				}
				m := rec
				if a.Place == OnResource {
					m = res
				}
				set(m.PutEmpty(a.Key))
			}
			l := NewLedger()
			require.NoError(t, d.Decode(ld, func(o *Observation) error {
				return l.Write(o, func(sysflow.Record) error { return nil })
			}))
			assert.Greater(t, d.Ignored(), int64(20), "%s: all attributes are of type %s", kind, name)
		}
	}
}

func TestDecodeStopsAtErrors(t *testing.T) {
	ld, _, _ := logsOf("PE")
	ld.ResourceLogs().At(0).CopyTo(ld.ResourceLogs().AppendEmpty())
	d := NewDecoder()
	want := errors.New("no space")
	calls := 0
	err := d.Decode(ld, func(*Observation) error { calls++; return want })
	require.ErrorIs(t, err, want)
	assert.Equal(t, 1, calls)
	assert.Len(t, decode(t, d, ld), 2, "the decoder is still usable")
}

func TestDecodeOnlyReads(t *testing.T) {
	ld, _, _ := logsOf("PE")
	ld.MarkReadOnly()
	assert.Len(t, decode(t, NewDecoder(), ld), 1)
}
