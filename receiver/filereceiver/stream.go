package filereceiver

import (
	"context"
	"errors"
	"io"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// chunksInFlight bounds what the decoder may be ahead of the encoder.
const chunksInFlight = 4

// batch is what the pipeline gets at once.
type batch struct {
	logs plog.Logs
	// end is the number of records from the start of the file to the end of the batch.
	end int64
	// kinds counts the records of the batch.
	kinds [sysflow.NumKinds]int64
	// bytes is how much of the file was read since the batch before.
	bytes int64
}

// stream turns a trace into batches. Decoding, encoding and delivery run side by
// side, with little between them, so that memory does not grow with the trace and a
// slow pipeline slows the reading down.
type stream struct {
	batchSize int
	speed     float64
	// free holds the chunks that nobody uses.
	free chan *chunk
}

func newStream(batchSize int, speed float64) *stream {
	s := &stream{batchSize: batchSize, speed: speed, free: make(chan *chunk, chunksInFlight)}
	for range chunksInFlight {
		s.free <- newChunk()
	}
	return s
}

// run reads a trace and gives its records to deliver, in order, except the first skip
// ones: of these the entities are remembered, for the records that need them. It
// ends at the end of the trace, with deliver's error, with an *avro.Error after all
// records before the fault were delivered, with a read error, or with ctx.
func (s *stream) run(ctx context.Context, in io.Reader, name string, skip int64, deliver func(batch) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	chunks := make(chan *chunk, chunksInFlight)
	batches := make(chan batch, 1)
	var decodeErr error // settled when chunks is closed
	wg.Go(func() {
		defer close(chunks)
		decodeErr = s.decode(ctx, in, name, chunks)
	})
	wg.Go(func() {
		defer close(batches)
		newEncoding(s, skip, batches).run(ctx, chunks)
	})
	for b := range batches {
		if err := deliver(b); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return decodeErr
}

// decode reads records into chunks. What was read before an error is passed on.
func (s *stream) decode(ctx context.Context, in io.Reader, name string, out chan<- *chunk) error {
	counted := &countingReader{in: in}
	reader, err := avro.NewReader(counted, avro.ReaderOptions{Name: name})
	if err != nil {
		return err
	}
	for {
		var c *chunk
		select {
		case c = <-s.free:
		case <-ctx.Done():
			return ctx.Err()
		}
		for err == nil && !c.full() {
			var rec sysflow.Record
			if rec, err = reader.Next(); err == nil {
				c.add(rec)
			}
		}
		c.bytes, counted.n = counted.n, 0
		select {
		case out <- c:
		case <-ctx.Done():
			s.release(c)
			return ctx.Err()
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (s *stream) release(c *chunk) {
	c.reset()
	s.free <- c
}

// encoding turns chunks into batches.
type encoding struct {
	stream  *stream
	encoder *plogs.Encoder
	pace    *pacer
	out     chan<- batch
	skip    int64
	// next becomes the next batch, emitted is the end of the last one.
	next    batch
	emitted int64
}

func newEncoding(s *stream, skip int64, out chan<- batch) *encoding {
	return &encoding{
		stream:  s,
		encoder: plogs.NewEncoder(plogs.EncoderOptions{}),
		pace:    newPacer(s.speed),
		out:     out,
		skip:    skip,
	}
}

// run ends when the channel is closed, having sent everything, or with ctx. It
// always empties the channel, so that no chunk is lost to the next file.
func (e *encoding) run(ctx context.Context, chunks <-chan *chunk) {
	for c := range chunks {
		e.next.bytes += c.bytes
		if ctx.Err() == nil {
			e.chunk(ctx, c)
		}
		e.stream.release(c)
	}
	e.emit(ctx)
}

func (e *encoding) chunk(ctx context.Context, c *chunk) {
	for _, rec := range c.records {
		if e.next.end < e.skip {
			e.remember(rec)
		} else if !e.add(ctx, rec) {
			return
		}
	}
}

// remember takes note of an entity without replaying it. What the encoder makes of it
// was delivered before, so it is thrown away; nothing it knows is lost by that.
func (e *encoding) remember(rec sysflow.Record) {
	e.next.end++
	if rec.Kind().IsEntity() {
		e.encoder.Add(rec)
	}
	if e.next.end == e.skip || e.encoder.Len() >= e.stream.batchSize {
		e.encoder.Take()
	}
}

// add replays a record, at its time if there is a pace. It is false when ctx ended.
func (e *encoding) add(ctx context.Context, rec sysflow.Record) bool {
	if wait := e.pace.wait(rec); wait > 0 {
		if !e.emit(ctx) || !sleep(ctx, wait) {
			return false
		}
	}
	e.encoder.Add(rec)
	e.next.end++
	e.next.kinds[rec.Kind()]++
	if e.encoder.Len() >= e.stream.batchSize {
		return e.emit(ctx)
	}
	return true
}

// emit hands over what there is as a batch. It is false when ctx ended.
func (e *encoding) emit(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	if e.next.end == e.emitted && e.next.bytes == 0 {
		return true
	}
	e.next.logs = e.encoder.Take()
	select {
	case e.out <- e.next:
		e.emitted = e.next.end
		e.next = batch{end: e.next.end}
		return true
	case <-ctx.Done():
		return false
	}
}

// countingReader counts the bytes read.
type countingReader struct {
	in io.Reader
	n  int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	r.n += int64(n)
	return n, err
}
