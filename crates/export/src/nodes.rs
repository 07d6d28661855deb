//! What forms of XML ask of a text in the same way.

use postil_anchor::annotation::{Part, RowKind, Speaker};
use postil_anchor::overlay::{Node, Unit};
use postil_site::render::article::Input;

/// The numbers of all blocks.
pub(crate) fn blocks(nodes: &[Node]) -> Vec<u32> {
    let mut found = Vec::new();
    for node in nodes {
        match node {
            Node::Unit(unit) => found.extend(&unit.blocks),
            Node::Fold { blocks, .. } => found.extend(blocks),
            Node::Group { nodes, .. } | Node::Pair(nodes) | Node::Form { nodes, .. } => {
                found.extend(blocks(nodes));
            }
        }
    }
    found
}

/// Whether a paragraph only says who speaks.
pub(crate) fn is_speaker(input: Input<'_>, unit: &Unit) -> bool {
    let block = input.doc.block(unit.blocks[0]).filter(|_| unit.blocks.len() == 1 && unit.form.is_none());
    block.filter(|block| block.containers.is_empty()).is_some_and(|block| {
        input.anchored.parts.iter().any(|row| {
            row.part.kind == RowKind::Speaker
                && row.place.start() <= block.text.start
                && block.text.end <= row.place.end()
        })
    })
}

/// Who speaks: as a row says, or the apparatus of all rows of its kind.
pub(crate) fn speaks<'a>(input: Input<'a>, part: &'a Part) -> Option<&'a Speaker> {
    part.speaker.as_ref().or_else(|| {
        let of_kind = input.anchored.speaker_of.iter().rev();
        of_kind.into_iter().find(|(kind, _)| *kind == part.kind).map(|(_, speaker)| speaker)
    })
}
