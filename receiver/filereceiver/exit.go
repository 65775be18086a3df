package filereceiver

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// askAgain is after what time the collector is asked again to end.
const askAgain = 250 * time.Millisecond

// terminate asks the own process to end, as an operator would, until ctx ends, which
// is when the collector shuts this receiver down. The collector then shuts down in order:
// receivers, processors, exporters with what they still hold.
//
// A short replay may be over before the collector listens for signals. Therefore this
// listens too, which keeps a signal that nobody expects from killing the process, and
// asks more than once.
//
// Reporting componentstatus.StatusFatalError would end the collector too, but it logs
// an error and turns health checks red where nothing is wrong. Worse, the report waits
// for the collector's main loop while it holds a lock that start and shutdown of every other
// component need: while these are under way, that is a deadlock.
func terminate(ctx context.Context) error {
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGTERM)
	defer signal.Stop(heard)
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	for {
		if err := self.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		if !sleep(ctx, askAgain) {
			return nil
		}
	}
}
