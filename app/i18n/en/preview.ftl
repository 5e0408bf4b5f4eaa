# What an object holds, shown beside the list of files.

preview = Preview
none = There is no preview of this kind of content.
empty = There is nothing in it.
promised = The name says { $promised }, but the content is { $found } and is shown as that.
too-large-for-form = This is larger than { $size } and is shown as text.
malformed = This cannot be read as what its name says and is shown as text.

forms = Ways to show it
rendered = Rendered
tree = Tree
table = Table
picture = Picture
source = Source

large = This is larger than { $size } and is not loaded by itself.
load = Load { $size }
first-bytes = { $count ->
    [one] Show the first byte
   *[other] Show the first { $count } bytes
  }
bytes-view = First bytes

picture-tools = How the picture is shown
picture-view = Picture { $name }
zoom-in = Larger
zoom-out = Smaller
fit = Fit
fits = Fit
percent = { $percent } %
rotate = Rotate
background = Another background
broken-picture = The picture cannot be shown: it is damaged, or the browser does not know its kind.
pdf-view = Document { $name }
no-viewer = This browser does not show documents in a page.
open-pdf = Open the document

text-tools = How the text is shown
wrap = Wrap lines
encoding = Encoding
load-next = Load the next { $size }
load-end = Go to the end
load-start = Go to the beginning
part-of = { $part } of { $size }, from byte { $start } on.

table-tools = How the table is read
delimiter = Divided by
comma = Comma
semicolon = Semicolon
tab = Tab
pipe = Bar
header = The first row names the columns
rows = Rows: { $count }
table-cut = Only the beginning is shown: at most { $rows } rows and { $size }.

tree-tools = The place in the tree
whole = (the whole)
copy-path = Copy path
members = { $count ->
    [one] 1 member
   *[other] { $count } members
  }
more-members = { $count ->
    [one] Show 1 more
   *[other] Show { $count } more
  }
lines-cut = Only the first { $lines } lines are shown.

code = Code
done = Done
not-done = Not done
show-picture = Show the picture { $name }
picture-elsewhere = [Picture from elsewhere, not loaded: { $name }]

archive-list = Entries of the archive
archive-entries = { $count ->
    [one] 1 entry.
   *[other] { $count } entries.
  }
archive-read = { $read } of { $size } were read.
archive-more = { $count ->
    [one] 1 more entry of this folder is not shown.
   *[other] { $count } more entries of this folder are not shown.
  }
archive-overlaps = Entries of this archive lie on top of each other. No honest program makes such an archive.
folder-above = Folder above
back-to-archive = Back to the archive
download-entry = Download { $name }
entry-encrypted = encrypted
entry-unsupported = packed by an unknown method
entry-too-large = too large to be unpacked here
