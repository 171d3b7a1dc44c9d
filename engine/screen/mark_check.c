/**
 * @file mark_check.c
 * See mark_check.h.
 */
#include "engine/screen/mark_check.h"

#include "engine/event/serial.h"

static bool holds(const struct tw_list *marks, const struct tw_marking *mark)
{
	const struct tw_marking *first = marks->data;
	return marks->count && mark >= first && mark < first + marks->count;
}

static struct tw_slice own_or(struct tw_text own, struct tw_text line)
{
	return tw_slice_of(tw_stated(own.span) ? own : line);
}

/* Maker and model of the line that the mark stands on; false: it stands on none of the event. */
static bool line_of(const struct tw_event *event, const struct tw_marking *mark, struct tw_text *make, struct tw_text *model)
{
	const struct tw_item *items = event->consignment.items.data;
	const struct tw_certificate_item *certified = event->certificate.items.data;
	if (event->family == TW_FAMILY_MARKING && holds(&event->marking.item.marks, mark)) {
		*make = event->marking.item.make;
		*model = event->marking.item.model;
		return true;
	}
	for (uint32_t i = 0; event->family == TW_FAMILY_MANIFEST && i < event->consignment.items.count; i++) {
		if (holds(&items[i].markings, mark)) {
			*make = items[i].make;
			*model = items[i].model;
			return true;
		}
	}
	for (uint32_t i = 0; event->family == TW_FAMILY_CERTIFICATE && i < event->certificate.items.count; i++) {
		if (holds(&certified[i].markings, mark)) {
			*make = certified[i].make;
			*model = certified[i].model;
			return true;
		}
	}
	return false;
}

void tw_mark_check(const struct tw_serial_forms *forms, const struct tw_event *event, const struct tw_marking *mark, struct tw_arena *arena,
                   struct tw_history_answer *answer, bool *full)
{
	struct tw_text make, model;
	if (!forms || !mark || tw_serial_is_partial(tw_slice_of(mark->value)) || mark->kind.value == TW_MARKING_LOT || mark->kind.value == TW_MARKING_IMPORT_MARK ||
	    !line_of(event, mark, &make, &model)) {
		return;
	}
	bool range = mark->kind.value == TW_MARKING_SERIAL_RANGE;
	struct tw_serial_form_question question = {own_or(mark->make, make), own_or(mark->model, model),
	                                           tw_slice_of(range ? mark->from : mark->value)};
	enum tw_serial_form says = tw_serial_forms_ask(forms, &question, arena, full);
	if (range && says != TW_SERIAL_ILL_FORMED) {
		question.value = tw_slice_of(mark->to);
		enum tw_serial_form last = tw_serial_forms_ask(forms, &question, arena, full);
		says = last == TW_SERIAL_ILL_FORMED ? last : says;
	}
	answer->stated = says != 0;
	answer->value = (int64_t)says;
}
