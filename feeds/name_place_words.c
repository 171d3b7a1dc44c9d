/**
 * @file name_place_words.c
 * One table, sorted; see name_place_words.h. Abbreviations and former names are spelt out before (name_trade_words.h).
 * Sources: ISO 3166-1, English short names of one word, and the adjective in firms' names; UN/LOCODE 2024, capitals, and ports and cities of trade;
 * and the quarters of the sky, by which firms of one trade are told apart.
 */
#include "feeds/name_place_words.h"

#include <pthread.h>

#include "feeds/word_table.h"

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

static const struct {
	struct tw_slice word;
} places[] = {
    {WORD("abidjan")},    {WORD("abuja")},        {WORD("accra")},        {WORD("aden")},          {WORD("afghanistan")}, {WORD("africa")},
    {WORD("ajman")},      {WORD("aktau")},        {WORD("albania")},      {WORD("aleppo")},        {WORD("alexandria")},  {WORD("algeria")},
    {WORD("algiers")},    {WORD("almaty")},       {WORD("america")},      {WORD("amman")},         {WORD("amsterdam")},   {WORD("angola")},
    {WORD("ankara")},     {WORD("antalya")},      {WORD("antwerp")},      {WORD("arab")},          {WORD("arabia")},      {WORD("arabian")},
    {WORD("argentina")},  {WORD("armenia")},      {WORD("ashgabat")},     {WORD("asia")},          {WORD("asian")},       {WORD("astana")},
    {WORD("athens")},     {WORD("australia")},    {WORD("austria")},      {WORD("azerbaijan")},    {WORD("baghdad")},     {WORD("bahamas")},
    {WORD("bahrain")},    {WORD("baku")},         {WORD("bangkok")},      {WORD("bangladesh")},    {WORD("barcelona")},   {WORD("basra")},
    {WORD("beijing")},    {WORD("beirut")},       {WORD("belarus")},      {WORD("belarusi")},      {WORD("belgium")},     {WORD("belgrade")},
    {WORD("belize")},     {WORD("bengaluru")},    {WORD("berlin")},       {WORD("bishkek")},       {WORD("bogota")},      {WORD("bolivia")},
    {WORD("bosnia")},     {WORD("bratislava")},   {WORD("brazil")},       {WORD("brussels")},      {WORD("bucharest")},   {WORD("budapest")},
    {WORD("bulgaria")},   {WORD("busan")},        {WORD("cairo")},        {WORD("cambodia")},      {WORD("cameroon")},    {WORD("canada")},
    {WORD("caracas")},    {WORD("casablanca")},   {WORD("caucasus")},     {WORD("chengdu")},       {WORD("chennai")},     {WORD("chile")},
    {WORD("china")},      {WORD("chinese")},      {WORD("chisinau")},     {WORD("chongqing")},     {WORD("colombia")},    {WORD("colombo")},
    {WORD("conakry")},    {WORD("congo")},        {WORD("croatia")},      {WORD("cuba")},          {WORD("cyprus")},      {WORD("czech")},
    {WORD("dakar")},      {WORD("dalian")},       {WORD("damascus")},     {WORD("delhi")},         {WORD("denmark")},     {WORD("dhaka")},
    {WORD("djibouti")},   {WORD("doha")},         {WORD("dominican")},    {WORD("donetsk")},       {WORD("dongguan")},    {WORD("dprk")},
    {WORD("dubai")},      {WORD("dushanbe")},     {WORD("east")},         {WORD("eastern")},       {WORD("ecuador")},     {WORD("egypt")},
    {WORD("egyptian")},   {WORD("emirates")},     {WORD("england")},      {WORD("erbil")},         {WORD("eritrea")},     {WORD("esfahan")},
    {WORD("estonia")},    {WORD("ethiopia")},     {WORD("eurasia")},      {WORD("eurasian")},      {WORD("europe")},      {WORD("european")},
    {WORD("far")},        {WORD("fiji")},         {WORD("finland")},      {WORD("france")},        {WORD("frankfurt")},   {WORD("french")},
    {WORD("fujairah")},   {WORD("fuzhou")},       {WORD("gabon")},        {WORD("gambia")},        {WORD("geneva")},      {WORD("german")},
    {WORD("germany")},    {WORD("ghana")},        {WORD("greece")},       {WORD("guangdong")},     {WORD("guangzhou")},   {WORD("guatemala")},
    {WORD("guinea")},     {WORD("haiti")},        {WORD("hamburg")},      {WORD("hanoi")},         {WORD("harare")},      {WORD("havana")},
    {WORD("helsinki")},   {WORD("herat")},        {WORD("hk")},           {WORD("homs")},          {WORD("honduras")},    {WORD("hongkong")},
    {WORD("hungary")},    {WORD("india")},        {WORD("indian")},       {WORD("indonesia")},     {WORD("iran")},        {WORD("iranian")},
    {WORD("iraq")},       {WORD("iraqi")},        {WORD("ireland")},      {WORD("israel")},        {WORD("istanbul")},    {WORD("italy")},
    {WORD("izmir")},      {WORD("jakarta")},      {WORD("jamaica")},      {WORD("japan")},         {WORD("japanese")},    {WORD("jeddah")},
    {WORD("jiangsu")},    {WORD("johannesburg")}, {WORD("kabul")},        {WORD("kaliningrad")},   {WORD("kandahar")},    {WORD("karachi")},
    {WORD("kaunas")},     {WORD("kazakhstan")},   {WORD("kazan")},        {WORD("kenya")},         {WORD("kharkiv")},     {WORD("khartoum")},
    {WORD("kinshasa")},   {WORD("kolkata")},      {WORD("kong")},         {WORD("korea")},         {WORD("korean")},      {WORD("kosovo")},
    {WORD("ksa")},        {WORD("kuwait")},       {WORD("kyiv")},         {WORD("kyrgyzstan")},    {WORD("lagos")},       {WORD("lahore")},
    {WORD("laos")},       {WORD("larnaca")},      {WORD("latakia")},      {WORD("latvia")},        {WORD("lebanese")},    {WORD("lebanon")},
    {WORD("liberia")},    {WORD("libya")},        {WORD("libyan")},       {WORD("liechtenstein")}, {WORD("limassol")},    {WORD("lisbon")},
    {WORD("lithuania")},  {WORD("ljubljana")},    {WORD("london")},       {WORD("luanda")},        {WORD("luhansk")},     {WORD("luxembourg")},
    {WORD("macao")},      {WORD("macau")},        {WORD("madagascar")},   {WORD("madrid")},        {WORD("malaysia")},    {WORD("maldives")},
    {WORD("mali")},       {WORD("malta")},        {WORD("managua")},      {WORD("manila")},        {WORD("mashhad")},     {WORD("mauritania")},
    {WORD("mauritius")},  {WORD("mersin")},       {WORD("mexico")},       {WORD("mideast")},       {WORD("milan")},       {WORD("minsk")},
    {WORD("mogadishu")},  {WORD("moldova")},      {WORD("mombasa")},      {WORD("monaco")},        {WORD("mongolia")},    {WORD("monrovia")},
    {WORD("montenegro")}, {WORD("morocco")},      {WORD("moscow")},       {WORD("moskva")},        {WORD("mozambique")},  {WORD("mumbai")},
    {WORD("munich")},     {WORD("muscat")},       {WORD("myanmar")},      {WORD("nairobi")},       {WORD("namibia")},     {WORD("nanjing")},
    {WORD("nepal")},      {WORD("netherlands")},  {WORD("nicaragua")},    {WORD("nicosia")},       {WORD("nigeria")},     {WORD("ningbo")},
    {WORD("north")},      {WORD("northern")},     {WORD("norway")},       {WORD("novosibirsk")},   {WORD("odesa")},       {WORD("oman")},
    {WORD("osaka")},      {WORD("oslo")},         {WORD("pakistan")},     {WORD("palestine")},     {WORD("panama")},      {WORD("paraguay")},
    {WORD("paris")},      {WORD("peru")},         {WORD("petersburg")},   {WORD("philippines")},   {WORD("piraeus")},     {WORD("poland")},
    {WORD("portugal")},   {WORD("prague")},       {WORD("prc")},          {WORD("pretoria")},      {WORD("pyongyang")},   {WORD("qatar")},
    {WORD("qingdao")},    {WORD("quetta")},       {WORD("rabat")},        {WORD("riga")},          {WORD("romania")},     {WORD("rome")},
    {WORD("rossiya")},    {WORD("rostov")},       {WORD("rotterdam")},    {WORD("russia")},        {WORD("russian")},     {WORD("rwanda")},
    {WORD("samara")},     {WORD("sanaa")},        {WORD("saudi")},        {WORD("senegal")},       {WORD("serbia")},      {WORD("sevastopol")},
    {WORD("seychelles")}, {WORD("shandong")},     {WORD("shanghai")},     {WORD("sharjah")},       {WORD("shenyang")},    {WORD("shenzhen")},
    {WORD("shiraz")},     {WORD("siberia")},      {WORD("siberian")},     {WORD("singapore")},     {WORD("slovakia")},    {WORD("slovenia")},
    {WORD("somalia")},    {WORD("south")},        {WORD("southern")},     {WORD("spain")},         {WORD("stockholm")},   {WORD("sudan")},
    {WORD("sudanese")},   {WORD("suzhou")},       {WORD("sweden")},       {WORD("swiss")},         {WORD("switzerland")}, {WORD("syria")},
    {WORD("syrian")},     {WORD("tabriz")},       {WORD("taipei")},       {WORD("taiwan")},        {WORD("tajikistan")},  {WORD("tallinn")},
    {WORD("tanzania")},   {WORD("tashkent")},     {WORD("tbilisi")},      {WORD("teheran")},       {WORD("tehran")},      {WORD("thailand")},
    {WORD("tianjin")},    {WORD("tokyo")},        {WORD("tripoli")},      {WORD("tunis")},         {WORD("tunisia")},     {WORD("turkey")},
    {WORD("turkish")},    {WORD("turkiye")},      {WORD("turkmenistan")}, {WORD("uae")},           {WORD("uganda")},      {WORD("uk")},
    {WORD("ukraina")},    {WORD("ukraine")},      {WORD("ukrainian")},    {WORD("ulaanbaatar")},   {WORD("uruguay")},     {WORD("usa")},
    {WORD("uzbekistan")}, {WORD("venezuela")},    {WORD("vienna")},       {WORD("vietnam")},       {WORD("vilnius")},     {WORD("vladivostok")},
    {WORD("warsaw")},     {WORD("west")},         {WORD("western")},      {WORD("wuhan")},         {WORD("xiamen")},      {WORD("xian")},
    {WORD("yangon")},     {WORD("yemen")},        {WORD("yemeni")},       {WORD("yerevan")},       {WORD("zagreb")},      {WORD("zambia")},
    {WORD("zhejiang")},   {WORD("zhuhai")},       {WORD("zimbabwe")},     {WORD("zurich")},
};

static struct tw_word_table place_table = TW_WORD_TABLE(places);
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_table(void)
{
	tw_word_table_open(&place_table);
}

bool tw_name_is_place(struct tw_slice word)
{
	pthread_once(&opened, open_table);
	return tw_word_find(&place_table, word) != NULL;
}
