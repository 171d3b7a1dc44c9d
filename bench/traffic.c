/**
 * @file traffic.c
 * See traffic.h. Parties come from a pool of 50,000 drawn with a square-law skew, vessels from 2,000: a busy port's day looks like that,
 * few names often and many once. One consignment in forty is declared arms trade under a certificate. All firms are invented.
 */
#include "bench/traffic.h"

#include <stdarg.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const stems[] = {"Alder",  "Bering",  "Cobalt",  "Dunmore",  "Elster",  "Fjordal", "Garnet",  "Halden",
                                    "Istria", "Juniper", "Kestrel", "Larkspur", "Meridia", "Norden",  "Opaline", "Pelican",
                                    "Quarry", "Rowan",   "Sable",   "Tamarin",  "Umberto", "Verdant", "Windrow", "Yarrow"};
static const char *const trades[] = {"Trading",   "Textiles", "Machinery", "Foods",    "Ceramics",  "Chemicals",
                                     "Logistics", "Timber",   "Motors",    "Plastics", "Fisheries", "Paper"};
static const char *const forms[] = {"Ltd", "GmbH", "S.A.", "LLC", "Co., Ltd.", "B.V.", "S.r.l.", "Pte Ltd", "A.S.", "Inc."};
static const char *const ports[] = {"NLRTM", "BEANR", "DEHAM", "SGSIN", "CNSHA", "USNYC", "ESVLC", "ITGOA",
                                    "AEJEA", "BRSSZ", "ZADUR", "INNSA", "JPYOK", "GRPIR", "TRMER", "MAPTM"};
static const struct {
	const char *hs;
	const char *text;
} goods[] = {
    {"610910", "T-shirts of cotton, knitted, assorted sizes, packed in cartons"},
    {"841370", "Centrifugal pumps with spare seals and gaskets, export packing"},
    {"690721", "Ceramic tiles 600x600 mm, glazed, first quality, on pallets"},
    {"080390", "Fresh bananas, refrigerated, 18 kg boxes"},
    {"870899", "Brake discs and pads for passenger cars, OEM quality"},
    {"940360", "Wooden furniture, dining tables and chairs, flat packed"},
    {"390120", "Polyethylene granules in 25 kg bags, said to contain"},
    {"850440", "Static converters and power supply units, 220V 50Hz"},
    {"220421", "Wine in bottles, red, 2023 vintage, 12 x 75 cl"},
    {"732690", "Articles of steel, brackets and clamps, galvanised"},
    {"480255", "Uncoated paper in reels, 80 g/m2"},
    {"842199", "Filter cartridges for water treatment plant"},
    {"950300", "Toys, plastic building blocks, retail packed"},
    {"300490", "Medicaments in measured doses, temperature controlled"},
    {"730890", "Steel structures and parts of structures for warehouse"},
    {"847130", "Laptop computers with chargers, boxed"},
};

static uint64_t draw(struct tw_traffic *traffic)
{
	uint64_t x = traffic->state;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return traffic->state = x;
}

static uint32_t below(struct tw_traffic *traffic, size_t bound)
{
	return (uint32_t)((draw(traffic) >> 20) % bound);
}

/* Square-law skew: half of the draws fall on a quarter of the pool. */
static uint32_t skewed(struct tw_traffic *traffic, uint32_t pool)
{
	uint64_t a = below(traffic, 65536);
	return (uint32_t)((a * a * pool) >> 32);
}

void tw_traffic_init(struct tw_traffic *traffic, uint64_t seed)
{
	*traffic = (struct tw_traffic){.state = seed * 0x9E3779B97F4A7C15ULL + 1};
	for (int i = 0; i < 8; i++) {
		draw(traffic);
	}
}

struct text {
	char *at;
	size_t size;
	size_t used;
};

static struct text text_on(char *out, size_t size)
{
	struct text text = {.size = size};
	text.at = out;
	return text;
}

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *text, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int wrote = vsnprintf(text->at + text->used, text->size - text->used, format, arguments);
	va_end(arguments);
	text->used += wrote > 0 ? (size_t)wrote : 0;
	text->used = text->used < text->size ? text->used : text->size - 1;
}

/* Source: IMO resolution A.1117(30): the first six digits weighted 7 to 2, last digit of the sum. */
static uint32_t imo_of(uint32_t vessel)
{
	uint32_t six = 900000 + vessel * 37U % 100000, sum = 0;
	for (uint32_t rest = six, weight = 2; rest; rest /= 10, weight++) {
		sum += rest % 10 * weight;
	}
	return six * 10 + sum % 10;
}

/* Source: ISO 6346, annex A: letters count from 10 without multiples of 11, position i weighs 2^i, modulo 11, 10 reads 0. */
static uint32_t container_check(const char *ten)
{
	uint32_t sum = 0;
	for (uint32_t i = 0; i < 10; i++) {
		uint32_t value = (uint32_t)(ten[i] <= '9' ? ten[i] - '0' : ten[i] - 'A' + 10);
		value += value > 10 && ten[i] > '9' ? (value - 1) / 10 : 0;
		sum += value << i;
	}
	return sum % 11 % 10;
}

static void add_name(struct text *text, uint32_t party)
{
	add(text, "%s %s %s %s", stems[party % COUNT(stems)], stems[party / 24 % COUNT(stems)], trades[party / 576 % COUNT(trades)],
	    forms[party / 6912 % COUNT(forms)]);
}

void tw_traffic_name(struct tw_traffic *traffic, char *out, size_t size)
{
	struct text text = text_on(out, size);
	add_name(&text, skewed(traffic, 50000));
}

static void add_party(struct tw_traffic *traffic, struct text *text, const char *role, const char *country)
{
	uint32_t party = skewed(traffic, 50000);
	add(text, "{\"role\":\"%s\",\"name\":\"", role);
	add_name(text, party);
	add(text,
	    "\",\"country\":\"%s\",\"kind\":\"company\",\"address\":{\"text\":\"%u %s Street, Unit "
	    "%u\",\"city\":\"%s\",\"postcode\":\"%05u\",\"country\":\"%s\"}"
	    ",\"ids\":[{\"scheme\":\"vat\",\"value\":\"%s%09u\"}]}",
	    country, party % 200 + 1, stems[party / 7 % COUNT(stems)], party % 40, stems[party / 11 % COUNT(stems)], party % 99999, country, country,
	    party * 7919U % 999999999U);
}

#define CERTIFICATES 3000 /* that consignments draw on, with a skew */
#define SERIALS      20

/* What an event's first item is about. */
enum about { ORDINARY, CERTIFIED, MARKED };

static void add_serials(struct tw_traffic *traffic, struct text *text)
{
	uint32_t maker = skewed(traffic, 500), first = below(traffic, 9000000);
	add(text, ",\"make\":\"%s %s Works\",\"markings\":[", stems[maker % COUNT(stems)], stems[maker / 24 % COUNT(stems)]);
	for (uint32_t i = 0; i < SERIALS; i++) {
		add(text, "%s{\"kind\":\"serial\",\"value\":\"%c%07u\"}", i ? "," : "", 'A' + (int)(maker % 26), first + i * 3);
	}
	add(text, "]");
}

static void add_item(struct tw_traffic *traffic, struct text *text, uint32_t line, const char *container, enum about about)
{
	int arms = about != ORDINARY;
	uint32_t at = below(traffic, COUNT(goods)), quantity = below(traffic, 2000) + 1;
	add(text, "%s{\"line\":%u,\"description\":\"%s\",\"hs\":\"%s\",\"quantity\":%u,\"unit\":\"C62\",\"packages\":%u,\"package_type\":\"CT\"",
	    line > 1 ? "," : "", line, arms ? "Hunting rifles, bolt action, calibre 7.62x51" : goods[at].text, arms ? "930330" : goods[at].hs,
	    arms ? quantity % 50 + 1 : quantity, quantity / 20 + 1);
	add(text, ",\"gross_kg\":%u.%u,\"net_kg\":%u,\"value\":%u.50,\"currency\":\"USD\",\"marks\":\"LOT %u\",\"containers\":[\"%s\"]", quantity * 4,
	    quantity % 10, quantity * 4 - quantity / 3, quantity * 37, below(traffic, 100000), container);
	if (about == CERTIFIED) {
		add(text, ",\"certificates\":[{\"number\":\"XB/MOD/2026/%05u\",\"issuer_country\":\"XB\",\"line\":1}]",
		    skewed(traffic, CERTIFICATES));
	} else if (about == MARKED) {
		add_serials(traffic, text);
	}
	add(text, "}");
}

/* @param about ORDINARY: one in forty is certified all the same */
static size_t manifest(struct tw_traffic *traffic, enum about about, char *out, size_t size)
{
	struct text text = text_on(out, size);
	uint64_t number = traffic->number++;
	const char *from = ports[below(traffic, COUNT(ports))], *to = ports[below(traffic, COUNT(ports))];
	char from_country[3] = {from[0], from[1], 0}, to_country[3] = {to[0], to[1], 0}, container[12];
	uint32_t vessel = skewed(traffic, 2000), day = (uint32_t)(number / 4000 % 28) + 1, items = 1 + below(traffic, 3);
	about = below(traffic, 40) == 0 && about == ORDINARY ? CERTIFIED : about;
	snprintf(container, sizeof(container), "MSCU%06u", below(traffic, 999999));
	snprintf(container + 10, 2, "%u", container_check(container));
	add(&text,
	    "{\"id\":\"b-%llu\",\"type\":\"consignment.declared\",\"time\":\"2026-03-%02uT%02u:%02u:%02uZ\",\"source\":\"bench\",\"consignment\":{",
	    (unsigned long long)number, day, (uint32_t)(number / 170 % 24), (uint32_t)(number / 3 % 60), (uint32_t)(number % 60));
	add(&text,
	    "\"id\":\"BNCH%010llu\",\"revision\":1,\"office\":\"%s\",\"movement\":\"import\",\"document\":{\"kind\":\"bill_of_lading\",\"number\":"
	    "\"BNCH%010llu\",\"issued\":\"2026-02-%02u\"},",
	    (unsigned long long)number, to, (unsigned long long)number, day);
	add(&text,
	    "\"means\":{\"mode\":\"sea\",\"name\":\"%s %s\",\"imo\":\"%u\",\"flag\":\"PA\",\"voyage\":\"%03uW\"},\"carrier\":{\"name\":\"Kestrel "
	    "Line\",\"code\":\"KSTL\"},",
	    stems[vessel % COUNT(stems)], stems[vessel / 24 % COUNT(stems)], imo_of(vessel), vessel % 900);
	add(&text,
	    "\"route\":[{\"role\":\"load\",\"place\":\"%s\",\"country\":\"%s\",\"departure\":\"2026-02-%02u\"},{\"role\":\"discharge\",\"place\":\"%"
	    "s\",\"country\":\"%s\",\"arrival\":\"2026-03-%02u\"}],",
	    from, from_country, day, to, to_country, day);
	add(&text, "\"parties\":[");
	add_party(traffic, &text, "consignor", from_country);
	add(&text, ",");
	add_party(traffic, &text, "consignee", to_country);
	add(&text, "],\"containers\":[{\"number\":\"%s\",\"size_type\":\"45G1\",\"seals\":[\"SL%07u\"]}],\"items\":[", container,
	    below(traffic, 9999999));
	for (uint32_t i = 1; i <= items; i++) {
		add_item(traffic, &text, i, container, i == 1 ? about : ORDINARY);
	}
	add(&text, "]}}");
	return text.used;
}

size_t tw_traffic_next(struct tw_traffic *traffic, char *out, size_t size)
{
	return manifest(traffic, ORDINARY, out, size);
}

/* An issue, or the verification of some earlier consignment's delivery. */
static size_t certificate(struct tw_traffic *traffic, int issued, char *out, size_t size)
{
	struct text text = text_on(out, size);
	uint64_t number = traffic->number++;
	add(&text, "{\"id\":\"c-%llu\",\"type\":\"certificate.%s\",\"time\":\"2026-03-%02uT%02u:00:00Z\",\"source\":\"bench\",\"certificate\":{",
	    (unsigned long long)number, issued ? "issued" : "delivery_verified", (uint32_t)(number / 4000 % 28) + 1, (uint32_t)(number / 170 % 24));
	add(&text, "\"number\":\"XB/MOD/2026/%05u\",\"issuer\":{\"country\":\"XB\"},", skewed(traffic, CERTIFICATES));
	if (issued) {
		add(&text, "\"valid_from\":\"2026-01-10\",\"valid_until\":\"2026-12-10\",\"single_transaction\":false,\"final_destination\":\"XB\","
		           "\"assurances\":{\"delivery_verification\":true,\"verify_within_days\":90},\"parties\":[");
		add_party(traffic, &text, "end_user", "XB");
		add(&text, ",");
		add_party(traffic, &text, "exporter", "XA");
		add(&text, "],");
	} else {
		add(&text, "\"consignment\":\"BNCH%010llu\",\"received\":\"2026-03-20\",", (unsigned long long)below(traffic, (size_t)number + 1));
	}
	add(&text, "\"items\":[{\"line\":1,\"quantity\":%u,\"unit\":\"C62\"}]}}", below(traffic, 5000));
	return text.used;
}

size_t tw_traffic_euc(struct tw_traffic *traffic, char *out, size_t size, const char **topic)
{
	uint64_t turn = traffic->number % 100;
	*topic = "tw.manifests";
	if (turn == 3 || turn == 13) {
		*topic = "tw.certificates";
		return certificate(traffic, turn == 3, out, size);
	}
	return manifest(traffic, turn % 10 == 3 ? CERTIFIED : turn % 10 == 7 ? MARKED : ORDINARY, out, size);
}
