# The palette that finds pages, things and commands, and the list of keys.

palette = Go to
search-or-go = Search or go to…
found = Found
nothing = Nothing matches “{ $text }”.
count = { $count ->
    [one] 1 result
   *[other] { $count } results
}
hints = > commands · /bucket/folder/ paths · @ people · # jobs

kind-page = Page
kind-bucket = Bucket
kind-namespace = Namespace
kind-person = User
kind-tenant = Tenant
kind-command = Command
kind-job = Job
kind-folder = Folder

new-bucket = New bucket
new-namespace = New namespace
new-user = New user
new-group = New group
new-tenant = New tenant
theme-system = Theme as the system
theme-light = Light theme
theme-dark = Dark theme

shortcuts = Keyboard shortcuts
single-keys-are-off = Single keys are switched off for this browser.
everywhere = Everywhere
in-files = List of files
go-to = Go to { $page }
key-filter = Filter the page
key-section = Go to a section of the page
key-submit = Send the form
key-next = Next region: navigation, content, uploads
key-previous = Previous region
key-fold = Collapse or expand the navigation
key-escape = Close what is open
key-move = Move
key-cells = Move between cells
key-select = Select
key-select-range = Select a range
key-select-all = Select all
key-open = Open
key-jump = Then letters: go to the name that begins so
key-up = One folder up
key-path = Edit the path
key-menu = Menu of the row
key-space = Space
