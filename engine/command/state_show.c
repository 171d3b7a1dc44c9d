/**
 * @file state_show.c
 * `state show ENTITY`: one record, folded, in words. A key that has none is answered with those that begin alike.
 */
#include <stdlib.h>

#include "engine/base/nearest.h"
#include "engine/event/metric.h"
#include "engine/run/assemble.h"
#include "engine/command/cell.h"
#include "engine/command/state_command.h"
#include "engine/command/state_text.h"
#include "engine/run/state_entity.h"
#include "engine/run/worker.h"

#define BLOCK_BYTES ((size_t)64 * 1024)
#define NEAR_SHOWN  5U
#define NEAR_LOOKED 1000000U /* keys that are looked through for one that begins alike: about a second's worth */
#define NEAR_PREFIX 4U       /* characters that must be the same */
#define NEAR_EDITS  2U       /* fewer are near in any key; in a long one a quarter of it */
#define COLUMNS_MAX 1000U

/* @return TW_E_MISSING: none of the readings has a record */
static enum tw_code entity_find(struct tw_store *store, const struct tw_state_entity *entity, struct tw_arena *arena, struct tw_slice *key,
                                struct tw_state *out, struct tw_error *err)
{
	struct tw_slice canonical = {NULL, 0};
	for (uint32_t i = 0; i < entity->key_count; i++) {
		enum tw_code code = tw_store_read(store, entity->kind, entity->keys[i], arena, &canonical, err);
		if (code != TW_OK) {
			return code;
		}
		if (canonical.len) {
			*key = entity->keys[i];
			code = tw_packed_read(canonical, arena, out);
			return code == TW_OK ? TW_OK
			                     : tw_fail(err, code, TW_STOP, "a stored record does not check", tw_entity_name(entity->kind), NULL);
		}
	}
	return TW_E_MISSING;
}

/* ---- what may have been meant ---- */

struct near {
	const struct tw_state_entity *entity;
	struct tw_arena *arena;
	struct tw_slice best[NEAR_SHOWN]; /* by distance, then key */
	uint32_t distance[NEAR_SHOWN];
	uint32_t count, looked;
};

static bool begins_alike(struct tw_slice a, struct tw_slice b)
{
	uint32_t length = a.len < NEAR_PREFIX ? a.len : NEAR_PREFIX;
	return b.len >= length && memcmp(a.ptr, b.ptr, length) == 0;
}

static void near_offer(struct near *near, struct tw_slice key, uint32_t distance)
{
	uint32_t at = near->count < NEAR_SHOWN ? near->count : NEAR_SHOWN;
	while (at && (distance < near->distance[at - 1] || (distance == near->distance[at - 1] && tw_slice_compare(key, near->best[at - 1]) < 0))) {
		at--;
	}
	bool twice = (at < near->count && tw_slice_equal(key, near->best[at])) || (at && tw_slice_equal(key, near->best[at - 1]));
	struct tw_slice kept = at < NEAR_SHOWN && !twice ? tw_arena_copy(near->arena, key) : (struct tw_slice){NULL, 0};
	if (!kept.ptr) {
		return;
	}
	near->count += near->count < NEAR_SHOWN;
	for (uint32_t i = near->count - 1; i > at; i--) {
		near->best[i] = near->best[i - 1];
		near->distance[i] = near->distance[i - 1];
	}
	near->best[at] = kept;
	near->distance[at] = distance;
}

static bool near_visit(void *context, const struct tw_store_name *name)
{
	struct near *near = context;
	for (uint32_t i = 0; name->kind == near->entity->kind && i < near->entity->key_count; i++) {
		if (begins_alike(near->entity->keys[i], name->key)) {
			uint32_t distance = tw_edit_distance(near->entity->keys[i], name->key);
			if (distance <= NEAR_EDITS || distance * 4 <= name->key.len) {
				near_offer(near, name->key, distance);
			}
			break;
		}
	}
	return ++near->looked < NEAR_LOOKED;
}

static void near_say(struct tw_store *store, const struct tw_state_entity *entity, struct tw_arena *arena)
{
	struct near near = {.entity = entity, .arena = arena};
	struct tw_error ignored;
	fprintf(stderr, "tidewaiter state: no record of %s ", tw_entity_name(entity->kind));
	tw_cell_print(stderr, entity->keys[entity->key_count - 1], COLUMNS_MAX);
	fputc('\n', stderr);
	if (tw_store_each(store, near_visit, &near, &ignored) != TW_OK) {
		return; /* a help, not a promise */
	}
	for (uint32_t i = 0; i < near.count; i++) {
		fprintf(stderr, "%s %s ", i ? "                 " : "there is, however,", tw_entity_name(entity->kind));
		tw_cell_print(stderr, near.best[i], COLUMNS_MAX);
		fputc('\n', stderr);
	}
}

static int entity_show(struct tw_store *store, const struct tw_state_request *request, const struct tw_state_entity *entity, struct tw_arena *arena,
                       FILE *out)
{
	struct tw_error err;
	struct tw_state state = {NULL, 0, NULL, 0};
	struct tw_slice key = {NULL, 0};
	enum tw_code code = entity_find(store, entity, arena, &key, &state, &err);
	if (code == TW_E_MISSING) {
		near_say(store, entity, arena);
		return TW_EXIT_DIFFERENT;
	}
	if (code == TW_OK && request->json) {
		code = tw_state_json(&state, entity->kind, key, arena, out, &err);
	} else if (code == TW_OK && !tw_state_text(&state, entity->kind, key, arena, out)) {
		code = tw_fail(&err, TW_E_MEMORY, TW_STOP, "no memory for showing a record", NULL, NULL);
	}
	return code == TW_OK ? TW_EXIT_OK : tw_state_complain(&err);
}

int tw_state_show(struct tw_settings *settings, const struct tw_state_request *request, FILE *out)
{
	struct tw_engine engine = {.settings = settings};
	struct tw_state_entity entity;
	struct tw_arena arena;
	struct tw_error err;
	int result = TW_EXIT_USAGE;
	tw_arena_init(&arena, BLOCK_BYTES, 0);
	enum tw_code code = tw_state_entity_parse(request->words + 1, request->word_count - 1, &arena, &entity, &err);
	if (code != TW_OK) {
		char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
		fprintf(stderr, "tidewaiter state: %s\n", tw_error_text(&err, text, sizeof(text)));
	} else {
		code = tw_engine_store(&engine, true, false, &err);
		result = code == TW_OK ? entity_show(engine.store, request, &entity, &arena, out) : tw_state_complain(&err);
	}
	tw_engine_fini(&engine);
	tw_arena_fini(&arena);
	return result;
}
