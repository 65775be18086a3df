package collector

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Metric is one value of the collector's own metrics.
type Metric struct {
	Name   string
	Labels string
	Value  float64
}

// Label returns the value of a label, "" when there is none.
func (m Metric) Label(name string) string {
	_, rest, _ := strings.Cut(","+m.Labels, ","+name+`="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// Metrics reads the collector's own metrics, in Prometheus' text format.
func (c *Collector) Metrics(t testing.TB) []Metric {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.metrics+"/metrics", http.NoBody)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return parseMetrics(string(body))
}

func parseMetrics(text string) []Metric {
	var out []Metric
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		i := strings.LastIndexByte(line, ' ')
		if i < 0 || strings.HasPrefix(line, "#") {
			continue
		}
		v, err := strconv.ParseFloat(line[i+1:], 64)
		if err != nil {
			continue
		}
		name, labels, _ := strings.Cut(line[:i], "{")
		out = append(out, Metric{Name: name, Labels: strings.TrimSuffix(labels, "}"), Value: v})
	}
	return out
}

// lossNames are the metrics that count what is missing from the data.
var lossNames = regexp.MustCompile(`^otelcol_.*(lost|loss|drop|cut|missed|failed|refused|unknown|evicted)`)

// Losses returns those metrics that count something lost and are not zero.
func Losses(metrics []Metric) []Metric {
	var out []Metric
	for _, m := range metrics {
		if m.Value != 0 && lossNames.MatchString(m.Name) {
			out = append(out, m)
		}
	}
	return out
}

// LossCauses returns how much the capture counts as missing, by cause.
func LossCauses(metrics []Metric) map[string]int64 {
	out := make(map[string]int64)
	for _, m := range metrics {
		if m.Name == "otelcol_sysflow_capture_losses_total" {
			out[m.Label("sysflow_loss_cause")] += int64(m.Value)
		}
	}
	return out
}

// Sum returns the sum of the values that a metric has.
func Sum(metrics []Metric, name string) float64 {
	sum := 0.0
	for _, m := range metrics {
		if m.Name == name {
			sum += m.Value
		}
	}
	return sum
}
