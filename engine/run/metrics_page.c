/**
 * @file metrics_page.c
 * See metrics_page.h. Head and samples are written by one function each.
 */
#include "engine/run/metrics_page.h"

#include <inttypes.h>

/* Source: Prometheus, "Exposition formats": backslash, double quote and line feed are escaped in a label's value. */
static void value_put(struct tw_slice value, FILE *out)
{
	for (size_t i = 0; i < value.len; i++) {
		const char *escaped = value.ptr[i] == '\\' ? "\\\\" : value.ptr[i] == '"' ? "\\\"" : value.ptr[i] == '\n' ? "\\n" : NULL;
		if (escaped) {
			fputs(escaped, out);
		} else {
			fputc(value.ptr[i], out);
		}
	}
}

static void label_put(const char *lead, const char *name, struct tw_slice value, FILE *out)
{
	fprintf(out, "%s%s=\"", lead, name);
	value_put(value, out);
	fputc('"', out);
}

void tw_metrics_sample(struct tw_metrics_page *page, const struct tw_metrics_label *labels)
{
	const struct tw_metrics_row *metric = page->metric;
	if (!page->headed) {
		fprintf(page->out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name, metric->type);
		page->headed = true;
	}
	fputs(metric->name, page->out);
	label_put("{", "worker", tw_slice_str(page->facts->worker), page->out);
	for (unsigned i = 0; i < 2 && labels[i].name; i++) {
		label_put(",", labels[i].name, labels[i].value, page->out);
	}
	fputs("} ", page->out);
}

void tw_metrics_put_two(struct tw_metrics_page *page, const char *name, struct tw_slice value, const char *second, const char *second_value,
                        uint64_t number)
{
	const struct tw_metrics_label labels[2] = {{name, value}, {second, tw_slice_str(second_value)}};
	tw_metrics_sample(page, labels);
	fprintf(page->out, "%" PRIu64 "\n", number);
}

void tw_metrics_put_one(struct tw_metrics_page *page, const char *name, struct tw_slice value, uint64_t number)
{
	tw_metrics_put_two(page, name, value, NULL, "", number);
}

void tw_metrics_put(struct tw_metrics_page *page, uint64_t number)
{
	tw_metrics_put_one(page, NULL, (struct tw_slice){"", 0}, number);
}

void tw_metrics_put_signed(struct tw_metrics_page *page, const char *name, struct tw_slice value, int64_t number)
{
	const struct tw_metrics_label labels[2] = {{name, value}, {NULL, {"", 0}}};
	tw_metrics_sample(page, labels);
	fprintf(page->out, "%" PRId64 "\n", number);
}
