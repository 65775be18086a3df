//go:build amd64 || arm64

package capture

import (
	"errors"

	"github.com/cilium/ebpf"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// meter reads the kernel's tables of flows.
type meter struct {
	flows *flowTable
	peers *ebpf.Map
	// keys finds the peer of a datagram socket by the id of its flow, and sockets the
	// flows of a socket.
	keys    map[uint64]bpf.CapturePeerKey
	sockets map[uint64][]flow.Key
}

func newMeter(flows *flowTable, peers *ebpf.Map) *meter {
	return &meter{
		flows:   flows,
		peers:   peers,
		keys:    make(map[uint64]bpf.CapturePeerKey),
		sockets: make(map[uint64][]flow.Key),
	}
}

// Read implements flow.Meter.
func (m *meter) Read(key flow.Key) (flow.Totals, bool) {
	if peer, ok := m.keys[key.ID]; ok {
		var f bpf.CaptureFlow
		err := m.peers.Lookup(&peer, &f)
		return result(&f, err == nil && isFlow(&f, key.ID))
	}
	f, ok := m.flows.read(key)
	return result(&f, ok)
}

// Take implements flow.Meter.
func (m *meter) Take(key flow.Key) (flow.Totals, bool) {
	if peer, ok := m.keys[key.ID]; ok {
		var f bpf.CaptureFlow
		err := take(m.peers, &peer, &f)
		delete(m.keys, key.ID)
		m.dropFromSocket(peer.Id, key.ID)
		return result(&f, err == nil && isFlow(&f, key.ID))
	}
	f, ok := m.flows.take(key)
	return result(&f, ok)
}

// take looks an entry up and deletes it, at once where the kernel can (since 5.14).
func take(m *ebpf.Map, key, value any) error {
	err := m.LookupAndDelete(key, value)
	if errors.Is(err, ebpf.ErrNotSupported) {
		if err = m.Lookup(key, value); err == nil {
			err = m.Delete(key)
		}
	}
	return err
}

func result(f *bpf.CaptureFlow, ok bool) (flow.Totals, bool) {
	if !ok {
		return flow.Totals{}, false
	}
	return totals(f.Ops, &f.Totals), true
}

func (m *meter) addPeer(key flow.Key, socket uint64) {
	m.keys[key.ID] = bpf.CapturePeerKey{
		Id:   socket,
		Addr: key.Peer.Addr().As16(),
		Port: uint32(key.Peer.Port()),
	}
	m.sockets[socket] = append(m.sockets[socket], key)
}

func (m *meter) peersOf(socket uint64) []flow.Key {
	return append([]flow.Key(nil), m.sockets[socket]...)
}

func (m *meter) forgetSocket(socket uint64) { delete(m.sockets, socket) }

func (m *meter) dropFromSocket(socket, id uint64) {
	keys := m.sockets[socket]
	for i := range keys {
		if keys[i].ID == id {
			keys[i] = keys[len(keys)-1]
			m.sockets[socket] = keys[:len(keys)-1]
			return
		}
	}
}
