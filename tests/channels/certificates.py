"""A certificate authority for tests, and a certificate of it for a server on loopback."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """Files in PEM: whom to trust, and what a server on 127.0.0.1 shows."""

    ca: Path
    certificate: Path
    key: Path

    @property
    def server(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


def authority(folder: Path, name: str | None = None, days: int = 365) -> Authority:
    """A server of 127.0.0.1, or of another `name`, whose certificate is good for so many days from now."""
    made = Authority(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, subject = _name("authority of a test"), _name("server of a test")
    only = x509.BasicConstraints(ca=True, path_length=0)
    ca = _unsigned(ca_name, ca_name, ca_key).add_extension(only, critical=True).sign(ca_key, hashes.SHA256())
    loopback = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
    here = x509.SubjectAlternativeName(loopback if name is None else [x509.DNSName(name)])
    server = _unsigned(subject, ca_name, key, days).add_extension(here, critical=False).sign(ca_key, hashes.SHA256())
    made.ca.write_bytes(ca.public_bytes(Encoding.PEM))
    made.certificate.write_bytes(server.public_bytes(Encoding.PEM))
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int = 365
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    named = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    numbered = named.serial_number(x509.random_serial_number())
    return numbered.not_valid_before(now - timedelta(days=10)).not_valid_after(now + timedelta(days=days))
