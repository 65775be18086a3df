package bench

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver"
)

// configuration is one of those that costs are given for.
type configuration struct {
	name string
	// events is the value of the receiver's key capture::events.
	events string
}

var configurations = []configuration{
	{name: "default", events: "{}"},
	{name: "everything", events: everyGroup()},
}

// everything is the configuration that the limits are for.
var everything = configurations[1]

// everyGroup switches every group of events on that there is.
func everyGroup() string {
	var groups []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[sysflowreceiver.EventsConfig]()) {
		groups = append(groups, f.Tag.Get("mapstructure")+": true")
	}
	return "{" + strings.Join(groups, ", ") + "}"
}

// captureOnly hands everything to a sink that costs nothing.
func (c configuration) captureOnly() string {
	return fmt.Sprintf(`
receivers:
  sysflow:
    capture:
      events: %s
exporters:
  nop:
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [nop]
`, c.events)
}
