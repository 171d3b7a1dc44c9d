/**
 * @file trace_files.c
 * The events of files folded into memory (tw_trace_files of trace_command.h).
 */
#include "engine/run/fold_stream.h"
#include "engine/command/trace_command.h"
#include "engine/state/store.h"

enum tw_code tw_trace_files(const struct tw_settings *settings, const struct tw_trace_request *request, struct tw_store **out, struct tw_error *err)
{
	struct tw_file_options files = {
	    .inputs = request->overs, .input_count = request->over_count, .topic = request->topic, .topics = settings->topics};
	struct tw_fold_stream fold = {.in_order = true, .quiet = request->quiet, .label = "reading the files"};
	enum tw_code code = tw_stream_file_new(&files, &fold.stream, err);
	code = code == TW_OK ? tw_store_memory_new(out, err) : code;
	fold.store = *out;
	code = code == TW_OK ? tw_fold_stream(settings, &fold, err) : code;
	if (fold.stream) {
		tw_stream_free(fold.stream);
	}
	return code;
}
