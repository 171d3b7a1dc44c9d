/**
 * @file events.c
 * Builders of events.h.
 */
#include "tests/unit/state/events.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "engine/event/shape.h"

#define LIST_ROOM 64U

static const struct tw_span somewhere = {1, 2};

struct tw_text text(const char *terminated)
{
	if (!terminated) {
		return (struct tw_text){NULL, 0, {0, 0}};
	}
	return (struct tw_text){terminated, (uint32_t)strlen(terminated), somewhere};
}

struct tw_amount amount(int64_t whole)
{
	return (struct tw_amount){whole * 10000, somewhere};
}

struct tw_count number(int64_t value)
{
	return (struct tw_count){value, somewhere};
}

struct tw_date day_of(const char *date)
{
	struct tw_date out = {0, somewhere};
	cr_assert(tw_date_parse(tw_slice_str(date), &out.day), "%s is no date", date);
	return out;
}

static void *add(struct tw_arena *arena, struct tw_list *list, size_t size)
{
	if (!list->data) {
		list->data = tw_arena_alloc(arena, LIST_ROOM * size);
		list->capacity = LIST_ROOM;
	}
	void *element = tw_list_push(arena, list, size);
	cr_assert(element);
	return element;
}

struct tw_event *event_new(struct tw_arena *arena, enum tw_event_type type, const char *id, const char *time)
{
	struct tw_event *event = tw_arena_alloc(arena, sizeof(*event));
	cr_assert(event);
	event->id = text(id);
	event->type = type;
	event->family = tw_event_type_family(type);
	event->time.span = somewhere;
	cr_assert(tw_instant_parse(tw_slice_str(time), &event->time.ms), "%s is no instant", time);
	return event;
}

struct tw_event *manifest_new(struct tw_arena *arena, enum tw_event_type type, const char *id, const char *time, const char *consignment)
{
	struct tw_event *event = event_new(arena, type, id, time);
	event->consignment.id = text(consignment);
	return event;
}

struct tw_event *certificate_new(struct tw_arena *arena, enum tw_event_type type, const char *id, const char *time, const char *country,
                                 const char *number_text)
{
	struct tw_event *event = event_new(arena, type, id, time);
	event->certificate.issuer.country = text(country);
	event->certificate.number = text(number_text);
	return event;
}

struct tw_party *party_add(struct tw_arena *arena, struct tw_list *list, const char *name, const char *country)
{
	struct tw_party *party = add(arena, list, sizeof(*party));
	party->name = text(name);
	party->country = text(country);
	return party;
}

struct tw_item *item_add(struct tw_arena *arena, struct tw_event *event, int64_t line, int64_t quantity, const char *unit)
{
	struct tw_item *item = add(arena, &event->consignment.items, sizeof(*item));
	item->line = number(line);
	item->quantity = amount(quantity);
	item->unit = text(unit);
	return item;
}

struct tw_certificate_ref *ref_add(struct tw_arena *arena, struct tw_item *item, const char *country, const char *number_text, int64_t line)
{
	struct tw_certificate_ref *ref = add(arena, &item->certificates, sizeof(*ref));
	ref->issuer_country = text(country);
	ref->number = text(number_text);
	if (line) {
		ref->line = number(line);
	}
	return ref;
}

struct tw_marking *marking_add(struct tw_arena *arena, struct tw_list *list, const char *make, const char *value)
{
	struct tw_marking *marking = add(arena, list, sizeof(*marking));
	marking->kind = (struct tw_choice){TW_MARKING_SERIAL, somewhere};
	marking->make = text(make);
	marking->value = text(value);
	return marking;
}

struct tw_leg *leg_add(struct tw_arena *arena, struct tw_event *event, enum tw_leg_role role, const char *country)
{
	struct tw_leg *leg = add(arena, &event->consignment.route, sizeof(*leg));
	leg->role = (struct tw_choice){role, somewhere};
	leg->country = text(country);
	return leg;
}

struct tw_container *container_add(struct tw_arena *arena, struct tw_event *event, const char *number_text)
{
	struct tw_container *container = add(arena, &event->consignment.containers, sizeof(*container));
	container->number = text(number_text);
	return container;
}

struct tw_certificate_item *certificate_item_add(struct tw_arena *arena, struct tw_event *event, int64_t line, int64_t quantity, const char *unit)
{
	struct tw_certificate_item *item = add(arena, &event->certificate.items, sizeof(*item));
	item->line = number(line);
	item->quantity = amount(quantity);
	item->unit = text(unit);
	return item;
}

uint64_t random_next(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}
