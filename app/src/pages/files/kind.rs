//! What kind of thing a name ends like.

/// The kinds that the list can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// Something to read or to show, with pages.
    Document,
    /// Tables, measurements, databases.
    Data,
    /// Many files in one.
    Archive,
    /// Plain text, code, configuration.
    Text,
    /// Anything else.
    Other,
}

impl Kind {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 9] = [
        Self::Folder,
        Self::Image,
        Self::Video,
        Self::Audio,
        Self::Document,
        Self::Data,
        Self::Archive,
        Self::Text,
        Self::Other,
    ];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Data => "data",
            Self::Archive => "archive",
            Self::Text => "text",
            Self::Other => "other",
        }
    }

    /// Reads the word in the address.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The kind of a file of this name, by its extension.
    pub fn of_name(name: &str) -> Self {
        let Some(extension) = extension(name) else {
            return Self::Other;
        };
        // The longest extension that is known here has eight letters.
        let mut lower = [0; 8];
        let Some(lower) = lower.get_mut(..extension.len()) else {
            return Self::Other;
        };
        lower.copy_from_slice(extension.as_bytes());
        lower.make_ascii_lowercase();
        match &*lower {
            b"png" | b"jpg" | b"jpeg" | b"gif" | b"webp" | b"avif" | b"svg" | b"tif" | b"tiff"
            | b"bmp" | b"heic" | b"heif" | b"ico" | b"jp2" | b"dng" | b"raw" | b"cr2" | b"nef"
            | b"arw" | b"psd" | b"dcm" => Self::Image,
            b"mp4" | b"m4v" | b"mkv" | b"mov" | b"avi" | b"webm" | b"mpg" | b"mpeg" | b"mxf"
            | b"wmv" | b"ogv" | b"3gp" => Self::Video,
            b"mp3" | b"wav" | b"flac" | b"ogg" | b"oga" | b"opus" | b"m4a" | b"aac" | b"aif"
            | b"aiff" | b"wma" | b"mid" => Self::Audio,
            b"pdf" | b"doc" | b"docx" | b"odt" | b"rtf" | b"ppt" | b"pptx" | b"odp" | b"xls"
            | b"xlsx" | b"ods" | b"epub" | b"djvu" | b"ps" | b"pages" | b"key" | b"numbers" => {
                Self::Document
            }
            b"csv" | b"tsv" | b"json" | b"ndjson" | b"jsonl" | b"parquet" | b"avro" | b"orc"
            | b"arrow" | b"feather" | b"h5" | b"hdf5" | b"nc" | b"npy" | b"npz" | b"mat"
            | b"sqlite" | b"db" | b"xml" | b"fits" | b"las" | b"laz" | b"shp" | b"gpkg"
            | b"geojson" | b"bam" | b"vcf" | b"fastq" => Self::Data,
            b"zip" | b"tar" | b"gz" | b"tgz" | b"bz2" | b"tbz2" | b"xz" | b"txz" | b"zst"
            | b"7z" | b"rar" | b"iso" | b"jar" | b"lz4" | b"br" | b"dmg" | b"deb" | b"rpm" => {
                Self::Archive
            }
            b"txt" | b"md" | b"log" | b"html" | b"htm" | b"css" | b"js" | b"ts" | b"rs" | b"py"
            | b"java" | b"c" | b"h" | b"cpp" | b"go" | b"sh" | b"toml" | b"yaml" | b"yml"
            | b"ini" | b"conf" | b"cfg" | b"tex" | b"sql" | b"rb" | b"php" | b"pl" | b"r"
            | b"ipynb" | b"bat" | b"ps1" | b"srt" | b"vtt" => Self::Text,
            _ => Self::Other,
        }
    }
}

/// What stands behind the last dot of a name, unless the name begins with it.
pub fn extension(name: &str) -> Option<&str> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then_some(extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_go_by_the_extension() {
        for (name, kind) in [
            ("scan.TIF", Kind::Image),
            ("a/b.c/film.mkv", Kind::Video),
            ("song.flac", Kind::Audio),
            ("report.final.pdf", Kind::Document),
            ("rows.geojson", Kind::Data),
            ("backup.tar.gz", Kind::Archive),
            ("notes.md", Kind::Text),
            ("README", Kind::Other),
            (".profile", Kind::Other),
            ("dots.", Kind::Other),
            ("long.extension", Kind::Other),
            ("ü.ü", Kind::Other),
        ] {
            assert_eq!(Kind::of_name(name), kind, "{name}");
        }
    }

    #[test]
    fn words_of_the_address_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("Image"), None);
    }
}
