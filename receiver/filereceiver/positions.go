package filereceiver

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

const (
	// indexKey holds the keys of all positions, as a storage cannot list them.
	indexKey  = "index"
	keyPrefix = "file."
	// forgetAfter is how long the position of a file that is no longer found is kept:
	// its directory may be a disk that is not mounted right now.
	forgetAfter = 7 * 24 * time.Hour
)

// position is how far a file was replayed.
type position struct {
	Path string `json:"path"`
	// Records is how many records of the file, from its start, need no replay.
	Records int64 `json:"records"`
	// Size is the size of the file when its end was reached or it was given up, 0
	// before. A file of another size has more to read.
	Size int64 `json:"size,omitempty"`
	// Refused is how many log records of the file the pipeline would not take.
	Refused int64 `json:"refused,omitempty"`
	// Error tells why the file was given up.
	Error string `json:"error,omitempty"`
}

// positions remembers how far each file was replayed, in memory and, if there is a
// storage, beyond the life of the collector.
type positions struct {
	client storage.Client
	// known holds the positions that were used since the start.
	known map[string]position
	// lastSeen holds, for every key in the storage, when its file was last found, in
	// seconds since the epoch.
	lastSeen map[string]int64
}

// openPositions gets the storage that id names, and its index; nil means memory only.
func openPositions(ctx context.Context, host component.Host, id *component.ID, receiver component.ID) (*positions, error) {
	p := &positions{
		client:   storage.NewNopClient(),
		known:    make(map[string]position),
		lastSeen: make(map[string]int64),
	}
	if id == nil {
		return p, nil
	}
	ext, ok := host.GetExtensions()[*id]
	if !ok {
		return nil, fmt.Errorf("storage: there is no extension %q, add it to service::extensions", id)
	}
	store, ok := ext.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is not a storage", id)
	}
	client, err := store.GetClient(ctx, component.KindReceiver, receiver, "")
	if err != nil {
		return nil, fmt.Errorf("storage: opening %q: %w", id, err)
	}
	p.client = client
	data, err := client.Get(ctx, indexKey)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &p.lastSeen)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: reading the index of positions from %q: %w", id, err)
	}
	return p, nil
}

// get returns the position in the file of that identity, the zero value for a new one.
func (p *positions) get(ctx context.Context, id string) (position, error) {
	if pos, ok := p.known[id]; ok {
		return pos, nil
	}
	var pos position
	data, err := p.client.Get(ctx, keyPrefix+id)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &pos)
	}
	if err != nil {
		return position{}, fmt.Errorf("reading a position from the storage: %w", err)
	}
	p.known[id] = pos
	return pos, nil
}

// set remembers a position. The one in memory is set even if the storage fails.
func (p *positions) set(ctx context.Context, id string, pos position) error {
	p.known[id] = pos
	data, err := json.Marshal(pos)
	if err == nil {
		err = p.client.Set(ctx, keyPrefix+id, data)
	}
	if err != nil {
		return fmt.Errorf("writing a position to the storage: %w", err)
	}
	return nil
}

// forget drops the position of a file that was deleted.
func (p *positions) forget(ctx context.Context, id string) error {
	delete(p.known, id)
	delete(p.lastSeen, id)
	if err := p.client.Delete(ctx, keyPrefix+id); err != nil {
		return fmt.Errorf("deleting a position from the storage: %w", err)
	}
	return nil
}

// sweep takes note of the files that are there now, drops positions of files not
// found for long, and writes the index.
func (p *positions) sweep(ctx context.Context, present map[string]bool, now time.Time) error {
	for id := range present {
		p.lastSeen[id] = now.Unix()
	}
	var ops []*storage.Operation
	for id, seen := range p.lastSeen {
		if now.Unix()-seen > int64(forgetAfter/time.Second) {
			delete(p.known, id)
			delete(p.lastSeen, id)
			ops = append(ops, storage.DeleteOperation(keyPrefix+id))
		}
	}
	data, err := json.Marshal(p.lastSeen)
	if err == nil {
		err = p.client.Batch(ctx, append(ops, storage.SetOperation(indexKey, data))...)
	}
	if err != nil {
		return fmt.Errorf("writing the index of positions to the storage: %w", err)
	}
	return nil
}

func (p *positions) close(ctx context.Context) error { return p.client.Close(ctx) }
