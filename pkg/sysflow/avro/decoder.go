package avro

import (
	"fmt"
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// decoder turns the plain data of blocks into records, as its plan says. Events and
// flows are decoded into the same few structs over and over.
type decoder struct {
	cursor
	plan    *plan
	strings interner

	processEvent sysflow.ProcessEvent
	networkFlow  sysflow.NetworkFlow
	fileFlow     sysflow.FileFlow
	fileEvent    sysflow.FileEvent
	networkEvent sysflow.NetworkEvent
	processFlow  sysflow.ProcessFlow
	k8sEvent     sysflow.K8sEvent

	newFileOID sysflow.FOID // what fileEvent.NewFileOID points to
	args       []string     // backs the Args of an event
}

// next decodes one record; the cursor's err tells whether that worked.
func (d *decoder) next() sysflow.Record {
	d.items = 0
	for _, sk := range d.plan.before {
		d.skip(sk, 0)
	}
	i := int64(0)
	if d.plan.union {
		i = d.long()
	}
	if d.err == nil && (i < 0 || i >= int64(len(d.plan.branches))) {
		d.stop(fmt.Errorf("%w: union branch %d of a union of %d", ErrUnknownBranch, i, len(d.plan.branches)))
	}
	if d.err != nil {
		return nil
	}
	b := &d.plan.branches[i]
	if !b.known {
		d.stop(fmt.Errorf("%w: union branch %d is %s", ErrUnknownBranch, i, b.name))
		return nil
	}
	rec := d.record(b)
	for _, sk := range d.plan.after {
		d.skip(sk, 0)
	}
	return rec
}

func (d *decoder) record(b *branch) sysflow.Record {
	switch b.kind {
	case sysflow.KindHeader:
		return d.decodeHeader(b.steps)
	case sysflow.KindContainer:
		return d.decodeContainer(b.steps)
	case sysflow.KindProcess:
		return d.decodeProcess(b.steps)
	case sysflow.KindFile:
		return d.decodeFile(b.steps)
	case sysflow.KindProcessEvent:
		return d.decodeProcessEvent(b.steps)
	case sysflow.KindNetworkFlow:
		return d.decodeNetworkFlow(b.steps)
	case sysflow.KindFileFlow:
		return d.decodeFileFlow(b.steps)
	case sysflow.KindFileEvent:
		return d.decodeFileEvent(b.steps)
	case sysflow.KindNetworkEvent:
		return d.decodeNetworkEvent(b.steps)
	case sysflow.KindProcessFlow:
		return d.decodeProcessFlow(b.steps)
	case sysflow.KindPod:
		return d.decodePod(b.steps)
	default:
		return d.decodeK8sEvent(b.steps)
	}
}

// present handles what is not plain about a step, and reports whether there is a
// value to read.
func (d *decoder) present(t *detail) bool {
	if t.skip != nil {
		d.skip(t.skip, 0)
		return false
	}
	if t.union == nil {
		return true
	}
	i := d.long()
	if i < 0 || i >= int64(len(t.union)) {
		d.fail("union branch %d of %d", i, len(t.union))
		return false
	}
	if t.union[i] == choiceForeign {
		d.stop(badSchema("a field has union branch %d, whose type it cannot take", i))
	}
	return t.union[i] == choiceValue
}

// absent is present for the plain case, kept small so that it is inlined.
func (d *decoder) absent(s *step) bool { return s.detail != nil && !d.present(s.detail) }

func (d *decoder) string() string { return d.strings.get(d.bytes()) }

func (d *decoder) oid(t *detail) (oid sysflow.OID) {
	if t == nil || t.steps == nil {
		oid.CreateTS = d.long()
		oid.HPID = d.long()
		return oid
	}
	for i := range t.steps {
		switch s := &t.steps[i]; {
		case d.absent(s):
		case s.dst == fieldCreateTS:
			oid.CreateTS = d.long()
		case s.dst == fieldHPID:
			oid.HPID = d.long()
		}
	}
	return oid
}

func (d *decoder) foid() (oid sysflow.FOID) {
	copy(oid[:], d.fixed(len(oid)))
	return oid
}

func (d *decoder) ipv6() (a netip.Addr) {
	if b := d.fixed(ipv6Size); b != nil {
		a = netip.AddrFrom16([ipv6Size]byte(b))
	}
	return a
}

// enum reads a value by the file's symbols; outside is for wire values without symbol,
// badEnum refuses them.
func (d *decoder) enum(t *detail, outside uint8) uint8 {
	i := d.long()
	v := outside
	if i >= 0 && i < int64(len(t.enum)) {
		v = t.enum[i]
	}
	if v == badEnum {
		d.fail("enum value %d without a known symbol", i)
		return 0
	}
	return v
}

func (d *decoder) stringList(t *detail, out []string) []string {
	item := t.items()
	for n := d.count(); n > 0; n = d.count() {
		for range n {
			v := ""
			if item == nil || d.present(item) {
				v = d.string()
			}
			if d.err != nil {
				return nil
			}
			out = append(out, v)
		}
	}
	return out
}

// records reads an array of records, each by its fields.
func records[T any](d *decoder, item *detail, decode func([]step) T) (out []T) {
	for n := d.count(); n > 0; n = d.count() {
		for range n {
			var v T
			if d.present(item) {
				v = decode(item.steps)
			}
			if d.err != nil {
				return nil
			}
			out = append(out, v)
		}
	}
	return out
}

func (d *decoder) longList(t *detail) (out []int64) {
	item := t.items()
	for n := d.count(); n > 0; n = d.count() {
		for range n {
			v := int64(0)
			if item == nil || d.present(item) {
				v = d.long()
			}
			if d.err != nil {
				return nil
			}
			out = append(out, v)
		}
	}
	return out
}

func (d *decoder) stringMap(t *detail) (out map[string]string) {
	item := t.items()
	for n := d.count(); n > 0; n = d.count() {
		if out == nil {
			out = make(map[string]string)
		}
		for range n {
			k, v := d.string(), ""
			if item == nil || d.present(item) {
				v = d.string()
			}
			if d.err != nil {
				return nil
			}
			out[k] = v
		}
	}
	return out
}

func (t *detail) items() *detail {
	if t == nil {
		return nil
	}
	return t.item
}
