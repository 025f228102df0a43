"""封存: hashing, trees and signatures behind the sealed records (docs/decisions/0005)."""
