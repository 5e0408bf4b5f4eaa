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

of-appearance = Appearance
of-pages = Pages and keys
of-files = Files
of-uploads = Uploads

name-order = Order of names
name-order-store = The store's
name-order-natural = Natural
name-order-help = Natural: 2 comes before 10, and capitals do not count. An address that names an order decides for itself.

folders = Folders
folders-first = Before the files
folders-mixed = Among the files

deletion-delay = Delay before deletion
deletion-delay-short = 8 seconds
deletion-delay-longer = 20 seconds
deletion-delay-minute = 1 minute
deletion-delay-asked = Until it is confirmed
deletion-delay-help = For up to 100 files, where nothing brings them back. Until then they can be kept.

existing = Files that exist already
existing-ask = Ask
existing-help = What would be lost is asked about every time.

large-uploads = Many or large files
large-uploads-shown = Show before they are uploaded
large-uploads-begun = Begin at once
large-uploads-help = More than 1,000 files, or 50 GB. What there is to decide is shown in any case.

parallel-uploads = Parallel uploads
parallel-uploads-automatic = Automatic
parallel-uploads-help = Files and parts that are sent at the same time. Fewer leave more of the network to others.

verify-checksums = Checksums
verify-checksums-on = Sent with the bytes
verify-checksums-off = Not sent
verify-checksums-help = With them the store refuses what was damaged on its way, where it compares them. They take computing time.

announcements = Announcements while uploading
announcements-normal = Begin, quarters, end
announcements-few = End alone
announcements-often = Also every 10 seconds
announcements-help = For screen readers. When somebody is needed, that is said in any case.

transfer-history = History of transfers
transfer-history-kept = Kept for 30 days
transfer-history-forgotten = Not kept
transfer-history-help = In this browser, with names and checksums. What is not kept is forgotten at once, for everybody who uses this browser.
