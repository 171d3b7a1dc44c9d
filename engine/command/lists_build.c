/**
 * @file lists_build.c
 * `tidewaiter lists build --out FILE`: all configured lists read from their own files, compiled to one that compiled.path then names. A list that is
 * refused refuses all, and the file before stays: what a screening maps is never a part.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/command/lists_command.h"
#include "engine/run/outage.h"
#include "engine/run/worker.h"
#include "feeds/list_file.h"
#include "feeds/reference.h"

static void built_say(const struct tw_lists_loaded *loaded, const char *path, uint64_t bytes, int64_t ms, FILE *out)
{
	struct tw_list_stat stat = tw_list_index_stat(loaded->index);
	fprintf(out, "%s: %" PRIu32 " lists, %" PRIu32 " entries, %" PRIu32 " names, %" PRIu32 " identifiers; %.1f MB, in %.2f s\n", path,
	        loaded->sources.count, stat.entries, stat.names, stat.identifiers, (double)bytes / 1e6, (double)ms / 1000);
}

int tw_lists_build(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out)
{
	struct tw_lists_loaded loaded;
	struct tw_error err;
	uint64_t bytes = 0;
	int64_t begun = tw_now_ms();
	enum tw_code code = tw_lists_begin(settings, request, &loaded, &err);
	code = code == TW_OK ? tw_file_compiled_or_none(request->out, TW_LIST_FILE_MAGIC, &err) : code;
	struct tw_list_report *reports = calloc((size_t)loaded.sources.count + 1, sizeof(*reports));
	if (code == TW_OK && !reports) {
		code = tw_fail(&err, TW_E_MEMORY, TW_STOP, "no memory for the lists", NULL, NULL);
	}
	code = code == TW_OK ? tw_lists_read(&loaded, reports, &err) : code;
	if (code == TW_OK) {
		code = tw_list_file_write(request->out, loaded.index, reports, loaded.sources.count, tw_reference_digest(loaded.reference), &bytes,
		                          &err);
	}
	if (code == TW_OK && !request->quiet) {
		built_say(&loaded, request->out, bytes, tw_now_ms() - begun, out);
	}
	free(reports);
	tw_lists_end(&loaded);
	return code == TW_OK ? TW_EXIT_OK : tw_lists_complain(&err);
}
