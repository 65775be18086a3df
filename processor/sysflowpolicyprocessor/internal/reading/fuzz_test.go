package reading

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// FuzzRead gives two attributes any values of any type.
func FuzzRead(f *testing.F) {
	for i, a := range plogs.Attributes() {
		f.Add(a.Key, "PE", int64(i), byte(i), plogs.KeyCommandLine, "/bin/sh -c", int64(-1), byte(0))
		f.Add(a.Key, "#63", int64(1)<<40, byte(i+3), plogs.KeyRaw, a.Key, int64(i), byte(5))
	}
	f.Fuzz(func(t *testing.T, k1, s1 string, n1 int64, t1 byte, k2, s2 string, n2 int64, t2 byte) {
		lr := plog.NewLogRecord()
		m := lr.Attributes()
		m.PutStr(plogs.KeyType, "FF")
		put(m, k1, s1, n1, t1)
		put(m, k2, s2, n2, t2)

		var r Records
		if kind, ok := r.Read(lr); ok && kind >= sysflow.NumKinds {
			t.Fatal("a kind that there is not: ", kind)
		}
		var res Resource
		res.Read(m)
		p := res.NewProcess(nil)
		if !res.Process.Equal(&p) {
			t.Fatal("a process differs from itself")
		}
		if !res.SameContainer(res.NewContainer()) {
			t.Fatal("a container differs from itself")
		}
		if !res.SamePod(res.NewPod(nil)) {
			t.Fatal("a pod differs from itself")
		}
	})
}

// put puts a value of one of the types of attributes.
func put(m pcommon.Map, key, s string, n int64, typ byte) {
	v := m.PutEmpty(key)
	switch typ % 8 {
	case 0:
		v.SetStr(s)
	case 1:
		v.SetInt(n)
	case 2:
		v.SetBool(n > 0)
	case 3:
		v.SetEmptyBytes().FromRaw([]byte(s))
	case 4:
		list := v.SetEmptySlice()
		list.AppendEmpty().SetStr(s)
		list.AppendEmpty().SetInt(n)
	case 5:
		v.SetEmptyMap().PutEmptyBytes(s).FromRaw([]byte{0xff, byte(n)})
	case 6:
		v.SetDouble(float64(n))
	}
}
