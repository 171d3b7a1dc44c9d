/**
 * @file member.c
 * A member's name that is not plainly the first of its kind: with escapes, too long for a quick look, stated before, or known to nobody.
 * Source: CloudEvents 1.0 JSON event format (structured mode: section 3).
 */
#include "engine/decode/decoder.h"

static int duplicate(struct tw_decoder *decoder, uint32_t byte)
{
	struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
	return tw_decode_refuse(decoder, TW_REJECT_DUPLICATE, byte, pointer, "%.*s is stated twice", (int)pointer.len, pointer.ptr);
}

/* CloudEvents' own members are no unknown ones when the event turns out to be in structured mode. */
static void cloud_member(struct tw_decoder *decoder, struct tw_slice name)
{
	static const char *const members[] = {"specversion", "data", "datacontenttype", "dataschema", "subject"};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		decoder->cloud += tw_slice_is(name, members[i]);
	}
	decoder->specversion = decoder->specversion || tw_slice_is(name, members[0]);
}

static int unknown_member(struct tw_decoder *decoder, struct tw_frame *frame, struct tw_text name)
{
	frame->field = NULL;
	frame->bit = 0;
	frame->key = tw_slice_of(name);
	if (!tw_in_source(decoder, name.ptr)) {
		frame->key = tw_arena_copy(decoder->arena, frame->key);
		if (!frame->key.ptr) {
			return tw_decode_exhausted(decoder);
		}
	}
	switch (tw_key_set_add(&decoder->keys, frame->number, frame->key)) {
	case TW_KEY_NEW:
		break;
	case TW_KEY_SEEN:
		return duplicate(decoder, name.span.from);
	case TW_KEY_NO_MEMORY:
		return tw_decode_exhausted(decoder);
	}
	decoder->event.unknown_fields += frame->kind == TW_FRAME_OBJECT;
	if (decoder->depth == 1) {
		cloud_member(decoder, frame->key);
	}
	return 1;
}

int tw_decode_member(struct tw_decoder *decoder, struct tw_frame *frame, const unsigned char *bytes, size_t size)
{
	struct tw_text name;
	if (!tw_text_read(decoder, bytes, size, &name)) {
		return 0;
	}
	int member = frame->kind == TW_FRAME_OBJECT ? tw_shape_index_find(decoder, frame->shape, tw_slice_of(name)) : -1;
	if (member < 0) {
		return unknown_member(decoder, frame, name);
	}
	uint32_t bit = 1U << member;
	frame->bit = bit;
	frame->field = &frame->shape->shape->fields[member];
	if (frame->seen & bit) {
		return duplicate(decoder, name.span.from);
	}
	frame->seen |= bit;
	if (decoder->depth == 1 && (decoder->data_stated & bit)) {
		frame->key = tw_slice_str(frame->field->name);
		frame->field = NULL;
		frame->bit = 0;
	}
	return 1;
}
