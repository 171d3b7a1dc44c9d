/* A stand-in for the encoder while these tests are linked without it; weak, so that the real one wins. */
#include "engine/base/arena.h"
#include "engine/emit/emit.h"

__attribute__((weak)) enum tw_code tw_emit_line(const struct tw_output *output, struct tw_slice topic, struct tw_arena *arena, struct tw_slice *line,
                                                struct tw_error *err)
{
	(void)err;
	*line = tw_arena_format(arena, "{\"topic\":\"%.*s\",\"key\":\"%.*s\",\"value\":%.*s}\n", (int)topic.len, topic.ptr, (int)output->key.len,
	                        output->key.ptr, (int)output->value.len, output->value.ptr);
	return line->ptr ? TW_OK : TW_E_MEMORY;
}
