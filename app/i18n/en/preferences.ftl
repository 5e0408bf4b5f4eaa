# How the console looks and behaves in one browser.

heading = Preferences
explained = They hold for this browser, whoever signs in with it.
save = Save
saved = Your preferences are saved.

theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark

language = Language
language-browser = As the browser asks
language-help = Texts that have not been translated yet are in English.

density = Density
density-comfortable = Comfortable
density-compact = Compact
density-help = How high the rows of tables and lists are. Touch screens always get the comfortable height.

time-zone = Times
time-zone-local = By this device's clock
time-zone-utc = In UTC
time-zone-help = Reports and exports are always in UTC.

start-page = Start page
start-usual = The usual one
start-buckets = Buckets
start-transfers = Transfers
start-namespaces = Namespaces
start-help = Where Hako opens.

motion = Motion
motion-system = As the system asks
motion-reduced = Reduced
motion-help = Reduced: nothing slides or fades.

navigation = Navigation
navigation-words = Icons with words
navigation-icons = Icons alone
navigation-help = On wide screens. Narrow ones have icons, phones a menu.

single-keys = Single keys
single-keys-on = On
single-keys-off = Off
single-keys-help = Keys such as N or ? that do something on their own, outside of fields. Ctrl K and F6 always work.
